package io.fulgur.nn;

import static io.fulgur.nn.testing.Reference.assertClose;
import static io.fulgur.nn.testing.Reference.tensor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.fulgur.nn.testing.Reference;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.StepScope;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.ConvolutionOptions;
import io.fulgur.tensor.functional.PoolingOptions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ConvolutionLayersTest {
  private static final JsonNode CASES = Reference.read("convolution_layers.json");
  private static final ConvolutionOptions DEFAULTS = ConvolutionOptions.defaults();
  private static final BatchNormOptions BATCH_NORM = BatchNormOptions.defaults();

  private static Map<String, Supplier<Module>> layers() {
    Map<String, Supplier<Module>> layers = new LinkedHashMap<>();
    layers.put("conv1d", () -> new Conv1d(2, 3, 3));
    layers.put(
        "conv2d",
        () -> new Conv2d(2, 4, 3, DEFAULTS.stride(2).padding(1).groups(2), /* bias= */ false));
    layers.put(
        "conv3d",
        () -> new Conv3d(1, 2, new int[] {1, 2, 2}, DEFAULTS.dilation(1, 1, 2), /* bias= */ true));
    layers.put("convTranspose1d", () -> new ConvTranspose1d(3, 2, 3));
    layers.put(
        "convTranspose2d",
        () ->
            new ConvTranspose2d(4, 2, 3, DEFAULTS.stride(2).padding(1).outputPadding(1).groups(2)));
    layers.put(
        "convTranspose3d",
        () -> new ConvTranspose3d(1, 2, new int[] {2, 1, 2}, DEFAULTS, /* bias= */ true));
    layers.put("batchNorm1d", () -> new BatchNorm1d(3));
    layers.put("batchNorm1dOfSequences", () -> new BatchNorm1d(2, BATCH_NORM.momentum(0.3)));
    layers.put("batchNorm2d", () -> new BatchNorm2d(2, BATCH_NORM.epsilon(1e-2)));
    layers.put("batchNorm2dCumulative", () -> new BatchNorm2d(2, BATCH_NORM.cumulativeAverage()));
    layers.put("batchNorm2dWithoutAffine", () -> new BatchNorm2d(2, BATCH_NORM.affine(false)));
    layers.put(
        "batchNorm2dWithoutStatistics",
        () -> new BatchNorm2d(2, BATCH_NORM.trackRunningStats(false)));
    layers.put("batchNorm3d", () -> new BatchNorm3d(2));
    layers.put("groupNorm", () -> new GroupNorm(2, 4));
    layers.put("groupNormWithoutAffine", () -> new GroupNorm(1, 2, 1e-3, /* affine= */ false));
    layers.put("instanceNorm", () -> new InstanceNorm(2, 1e-5, /* affine= */ true));
    layers.put("weightNormOfConv", () -> new WeightNorm(new Conv2d(2, 3, 2)));
    layers.put("weightNormOfLinear", () -> new WeightNorm(new Linear(3, 2, /* bias= */ false)));
    layers.put("spectralNormOfConv", () -> new SpectralNorm(new Conv2d(2, 3, 2)));
    layers.put("spectralNormOfTransposed", () -> new SpectralNorm(new ConvTranspose2d(2, 3, 2), 2));
    layers.put(
        "network",
        () ->
            new Sequential(
                new Conv2d(1, 3, 3, DEFAULTS.padding(1), /* bias= */ false),
                new BatchNorm2d(3),
                new ReLU(),
                new MaxPool2d(2),
                new Conv2d(3, 4, 3, DEFAULTS.padding(1)),
                new GroupNorm(2, 4),
                new ReLU(),
                new AvgPool2d(2),
                new AdaptiveAvgPool2d(1, 1),
                new Flatten(),
                new Linear(4, 2)));
    return layers;
  }

  @Test
  void cases_ofTheReference_areAllTested() {
    assertThat(layers().keySet()).containsExactlyInAnyOrderElementsOf(() -> CASES.fieldNames());
  }

  static Stream<Arguments> layersAndTypes() {
    return layers().keySet().stream()
        .flatMap(name -> Stream.of(Arguments.of(name, DType.F32), Arguments.of(name, DType.F64)));
  }

  @ParameterizedTest
  @MethodSource("layersAndTypes")
  void trainingAndEvaluation_ofLayer_equalPyTorch(String name, DType dtype) {
    check(name, dtype);
  }

  @ParameterizedTest
  @MethodSource("layersAndTypes")
  void trainingAndEvaluation_inAStepScope_equalPyTorch(String name, DType dtype) {
    try (StepScope ignored = StepScope.open("ConvolutionLayersTest")) {
      check(name, dtype);
    }
  }

  private static void check(String name, DType dtype) {
    double tolerance = dtype == DType.F32 ? 3e-5 : 1e-10;
    JsonNode expected = CASES.get(name);
    Module layer = layers().get(name).get();
    layer.to(dtype);
    layer.loadStateDict(state(expected.get("state"), dtype));

    Tensor first = layer.call(tensor(expected.get("inputs").get(0), dtype));
    assertClose("first output", first, expected.get("outputs").get(0), tolerance);
    Tensor input = tensor(expected.get("inputs").get(1), dtype).requiresGrad(true);
    Tensor second = layer.call(input);
    assertClose("second output", second, expected.get("outputs").get(1), tolerance);
    second.backward(tensor(expected.get("gradOutput"), dtype));

    assertClose("input's gradient", input.grad(), expected.get("gradInput"), 3 * tolerance);
    layer
        .namedParameters()
        .forEach(
            (parameter, value) ->
                assertClose(
                    parameter + "'s gradient",
                    value.grad(),
                    expected.get("gradients").get(parameter),
                    3 * tolerance));
    layer
        .stateDict()
        .forEach(
            (entry, value) ->
                assertClose(entry + " after", value, expected.get("after").get(entry), tolerance));
    layer.eval();
    Tensor evaluated = layer.call(tensor(expected.get("inputs").get(0), dtype));
    assertClose("evaluated", evaluated, expected.get("evaluated"), tolerance);
  }

  private static Map<String, Tensor> state(JsonNode entries, DType dtype) {
    Map<String, Tensor> state = Reference.tensors(entries, dtype);
    state.replaceAll(
        (name, value) -> name.endsWith("numBatchesTracked") ? value.to(DType.I64) : value);
    return state;
  }

  @Test
  void batchNorm_inEvaluationMode_leavesTheStatisticsAlone() {
    BatchNorm2d layer = new BatchNorm2d(2);
    layer.eval();

    layer.call(random(4, 2, 3, 3));

    assertThat(layer.runningMean().toFloatArray()).containsExactly(0, 0);
    assertThat(layer.runningVar().toFloatArray()).containsExactly(1, 1);
    assertThat(layer.numBatchesTracked().toLongArray()).containsExactly(0);
  }

  @Test
  void batchNorm_ofInputsThatItIsNotFor_namesWhatItIsFor() {
    assertThatThrownBy(() -> new BatchNorm2d(3).call(Tensor.ones(2, 3)))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("BatchNorm2d of [2, 3]")
        .hasMessageContaining("[batch, channels, height, width] with 3 channels");
    assertThatThrownBy(() -> new BatchNorm1d(3).call(Tensor.ones(2, 4)))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("BatchNorm1d of [2, 4]");
    assertThatThrownBy(() -> new BatchNorm1d(3).call(Tensor.ones(1, 3)))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("single value for each channel");
  }

  @Test
  void convolution_startsWithinTheBoundOfItsFanIn() {
    Conv2d layer = new Conv2d(8, 32, 3, DEFAULTS.groups(2));

    double bound = 1 / Math.sqrt(4 * 3 * 3);
    assertThat(layer.weight().detach().abs().max().item()).isBetween(0.9 * bound, bound);
    assertThat(layer.bias().detach().abs().max().item()).isBetween(0.5 * bound, bound);
  }

  @Test
  void convolution_ofChannelsThatCannotBeDivided_isRefused() {
    assertThatThrownBy(() -> new Conv2d(3, 4, 3, DEFAULTS.groups(2)))
        .hasMessageContaining("Conv2d(inChannels=3, outChannels=4): both must be divisible by")
        .hasMessageContaining("groups = 2");
    assertThatThrownBy(() -> new Conv2d(3, 4, new int[] {3}, DEFAULTS, /* bias= */ true))
        .hasMessageContaining("needs 2 sizes, but got 1");
  }

  @Test
  void dropout2d_inTrainingMode_dropsWholeChannels() {
    Dropout2d layer = new Dropout2d(0.5);
    Tensor y = layer.call(Tensor.ones(8, 16, 3, 3));

    Tensor means = y.mean(/* keepDim= */ false, 2, 3);
    assertThat(means.toFloatArray()).containsOnly(0, 2);
    layer.eval();
    Tensor x = Tensor.ones(2, 2, 2);
    assertThat(layer.call(x)).isSameAs(x);
  }

  @Test
  void spectralNorm_twoPassesBeforeBackward_differentiatesBoth() {
    SpectralNorm layer = new SpectralNorm(new Linear(3, 2));
    Tensor x = random(4, 3);

    layer.call(x).add(layer.call(x)).sum().backward();

    assertThat(layer.namedParameters().get("weightOrig").grad()).isNotNull();
  }

  @Test
  void weightNorm_removed_computesTheSame() {
    WeightNorm layer = new WeightNorm(new Linear(3, 2));
    layer.namedParameters().get("weightG").fill(2);
    Tensor x = random(4, 3);
    float[] before = layer.call(x).toFloatArray();

    Linear plain = (Linear) layer.remove();

    assertThat(plain.call(x).toFloatArray()).containsExactly(before);
  }

  @Test
  void shapes_ofLayersWithoutParameters_areThoseOfPyTorch() {
    Tensor image = random(2, 4, 6, 6);
    assertThat(new MaxPool2d(PoolingOptions.kernelSize(3).stride(2).padding(1)).call(image).shape())
        .isEqualTo(Shape.of(2, 4, 3, 3));
    assertThat(new AdaptiveMaxPool2d(4, 5).call(image).shape()).isEqualTo(Shape.of(2, 4, 4, 5));
    assertThat(Pad.reflect(1, 2, 3, 0).call(image).shape()).isEqualTo(Shape.of(2, 4, 9, 9));
    assertThat(Upsample.nearest(2).call(image).shape()).isEqualTo(Shape.of(2, 4, 12, 12));
    assertThat(Upsample.linear(/* alignCorners= */ false, 2, 3).call(image).shape())
        .isEqualTo(Shape.of(2, 4, 12, 18));
    assertThat(new PixelShuffle(2).call(image).shape()).isEqualTo(Shape.of(2, 1, 12, 12));
    assertThat(new PixelUnshuffle(2).call(image).shape()).isEqualTo(Shape.of(2, 16, 3, 3));
    assertThat(new Unflatten(1, 2, 2).call(image).shape()).isEqualTo(Shape.of(2, 2, 2, 6, 6));
    assertThat(new RMSNorm(6, 6).call(image).shape()).isEqualTo(image.shape());
  }

  @Test
  void toString_ofLayers_tellsTheirSizes() {
    assertThat(new Conv2d(3, 8, 3, DEFAULTS.stride(2).samePadding()))
        .hasToString(
            "Conv2d(3, 8, kernelSize=[3, 3], stride=[2], padding=same, dilation=[1], groups=1,"
                + " bias=true)");
    assertThat(new ConvTranspose1d(4, 6, 2, DEFAULTS.groups(2)).toString())
        .startsWith("ConvTranspose1d(4, 6, kernelSize=[2]");
    assertThat(new BatchNorm2d(8, BATCH_NORM.cumulativeAverage()))
        .hasToString(
            "BatchNorm2d(8, epsilon=1.0E-5, momentum=cumulative, affine=true,"
                + " trackRunningStats=true)");
    assertThat(new MaxPool2d(2)).hasToString("MaxPool2d(kernelSize=[2], stride=[2], padding=[0])");
    assertThat(Pad.zeros(1, 1)).hasToString("Pad(zeros, [1, 1])");
    assertThat(Upsample.nearest(2)).hasToString("Upsample(nearest, scaleFactors=[2])");
  }

  private static Tensor random(long... shape) {
    return Tensor.uniform(new Generator(5), -1, 1, DType.F32, shape);
  }
}
