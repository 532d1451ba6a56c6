package io.fulgur.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.nn.LayerNorm;
import io.fulgur.nn.Linear;
import io.fulgur.nn.Module;
import io.fulgur.tensor.Autograd;
import io.fulgur.tensor.Buffer;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Convolution;
import io.fulgur.tensor.functional.ConvolutionOptions;
import io.fulgur.tensor.functional.Recurrent;
import io.fulgur.tensor.functional.RecurrentOperators.Cell;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The files were written by Python: see {@code src/test/reference/make_pretrained.py}. */
class PretrainedWeightsTest {
  private static Parameter parameter(long... shape) {
    return Parameter.of(Tensor.zeros(shape));
  }

  private static final class Conv extends Module {
    private final Parameter weight = parameter(4, 2, 3);
    private final Parameter bias = parameter(4);

    @Override
    public Tensor forward(Tensor input) {
      return Convolution.conv1d(input, weight, bias, ConvolutionOptions.defaults().padding(1));
    }
  }

  /** Counts no batches, so that the counter in the file has no place here. */
  private static final class BatchNorm extends Module {
    private final Parameter weight = parameter(4);
    private final Parameter bias = parameter(4);
    private final Buffer runningMean = Buffer.of(Tensor.zeros(4));
    private final Buffer runningVar = Buffer.of(Tensor.zeros(4));

    @Override
    public Tensor forward(Tensor input) {
      Tensor scale = weight.mul(runningVar.add(1e-5).rsqrt());
      return input.mul(scale.unsqueeze(1)).add(bias.sub(runningMean.mul(scale)).unsqueeze(1));
    }
  }

  private static final class BiLstm extends Module {
    private final Parameter weightIhL0 = parameter(12, 4);
    private final Parameter weightHhL0 = parameter(12, 3);
    private final Parameter biasIhL0 = parameter(12);
    private final Parameter biasHhL0 = parameter(12);
    private final Parameter weightIhL0Reverse = parameter(12, 4);
    private final Parameter weightHhL0Reverse = parameter(12, 3);
    private final Parameter biasIhL0Reverse = parameter(12);
    private final Parameter biasHhL0Reverse = parameter(12);

    @Override
    public Tensor forward(Tensor input) {
      Recurrent.Weights forth = new Recurrent.Weights(weightIhL0, weightHhL0, biasIhL0, biasHhL0);
      Recurrent.Weights back =
          new Recurrent.Weights(
              weightIhL0Reverse, weightHhL0Reverse, biasIhL0Reverse, biasHhL0Reverse);
      return Tensor.concat(2, run(input, forth, false), run(input, back, true));
    }

    private static Tensor run(Tensor input, Recurrent.Weights weights, boolean reverse) {
      return Recurrent.layer(Cell.LSTM, input, null, weights, reverse, null).output();
    }
  }

  /** The model of the script. */
  private static class Tagger extends Module {
    private final Conv conv = new Conv();
    private final BatchNorm bn1 = new BatchNorm();
    private final BiLstm rnn = new BiLstm();
    private final LayerNorm layerNorm = new LayerNorm(6);
    private final Linear embedOut = new Linear(6, 5, /* bias= */ false);
    private final Head head;

    Tagger(int classes) {
      head = new Head(embedOut, classes);
    }

    @Override
    public Tensor forward(Tensor input) {
      Tensor x = bn1.call(conv.call(input)).relu();
      Tensor y = layerNorm.call(rnn.call(x.permute(2, 0, 1)));
      return head.call(y).add(embedOut.call(y)).transpose(0, 1);
    }
  }

  private static final class Head extends Module {
    private final Parameter weight;
    private final Parameter bias;

    Head(Linear tied, int classes) {
      weight = classes == 5 ? tied.weight() : parameter(classes, 6);
      bias = parameter(classes);
    }

    @Override
    public Tensor forward(Tensor input) {
      return input.linear(weight, bias);
    }
  }

  private static Path file(String name) {
    try {
      return Path.of(Objects.requireNonNull(PretrainedWeightsTest.class.getResource(name)).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode example() throws IOException {
    try (InputStream in = PretrainedWeightsTest.class.getResourceAsStream("tagger.json")) {
      return new ObjectMapper().readTree(in);
    }
  }

  private static Tensor tensor(JsonNode array) {
    return Tensor.of(numbers(array.get("values")), longs(array.get("shape"))).to(DType.F32);
  }

  private static double[] numbers(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false)
        .mapToDouble(JsonNode::asDouble)
        .toArray();
  }

  private static long[] longs(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).mapToLong(JsonNode::asLong).toArray();
  }

  @ParameterizedTest
  @CsvSource({"tagger.safetensors, module.", "tagger_f16.safetensors, none."})
  void loadInto_theSameModel_computesWhatPyTorchDoes(String name, String prefix)
      throws IOException {
    Tagger tagger = new Tagger(5);

    PretrainedReport report =
        PretrainedWeights.from(file(name)).removePrefix(prefix).loadInto(tagger);

    Tensor output = Autograd.noGrad(() -> tagger.call(exampleInput()));
    assertThat(output.toDoubleArray())
        .containsExactly(
            numbers(example().get("output").get("values")),
            // Parameters are exact in 16 bits; running statistics are not.
            Offset.offset(name.contains("f16") ? 5e-3 : 2e-6));
    assertThat(report.isComplete()).isTrue();
    assertThat(report.loaded()).containsKeys("bn1.runningVar", "rnn.weightIhL0Reverse");
    assertThat(report.loaded().get("layerNorm.weight")).endsWith("layer_norm.weight");
  }

  private static Tensor exampleInput() {
    try {
      return tensor(example().get("input"));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void loadInto_withoutTheMapping_tellsWhatMayBeMeantAndLoadsNothing() {
    Tagger tagger = new Tagger(5);

    assertThatThrownBy(
            () ->
                PretrainedWeights.from(file("tagger_f16.safetensors"))
                    .rename("^bn1", "bn2")
                    .loadInto(tagger))
        .isInstanceOfSatisfying(
            FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.STATE_DICT_MISMATCH))
        .hasMessageContaining("nothing was loaded")
        .hasMessageContaining("Missing: bn1.runningMean, F32[4]. Did you mean \"bn2.runningMean\"?")
        .hasMessageContaining(
            "Unexpected: bn1.running_mean, F16[4], here bn2.runningMean. Did you mean"
                + " \"bn1.runningMean\"?")
        .hasMessageContaining("removePrefix");
    assertThat(tagger.conv.weight.toFloatArray()).containsOnly(0);
  }

  @Test
  void loadInto_aModuleWithAnotherHead_leavesItWhereToldTo() {
    Tagger tagger = new Tagger(7);
    PretrainedWeights weights = PretrainedWeights.from(file("tagger_f16.safetensors"));

    assertThatThrownBy(() -> weights.strict(false).loadInto(tagger))
        .hasMessageContaining(
            "Mismatched: head.weight is F32[7, 6] in the module, but F16[5, 6] in the file.");

    PretrainedReport report = weights.skipMismatched(true).loadInto(tagger);

    assertThat(report.mismatched()).containsExactlyInAnyOrder("head.weight", "head.bias");
    assertThat(report.missing()).isEmpty();
    assertThat(tagger.head.weight.toFloatArray()).containsOnly(0);
    assertThat(tagger.conv.weight.toFloatArray()).isNotEqualTo(new float[24]);
  }

  @Test
  void loadInto_notStrict_leavesAloneWhatDoesNotFit() {
    Tagger tagger = new Tagger(5);
    PretrainedReport report =
        PretrainedWeights.from(file("tagger_f16.safetensors"))
            .rename("^rnn\\.(.*)_l0$", "lstm.$1")
            .strict(false)
            .loadInto(tagger);

    assertThat(report.missing())
        .containsExactly("rnn.weightIhL0", "rnn.weightHhL0", "rnn.biasIhL0", "rnn.biasHhL0");
    assertThat(report.unexpected())
        .containsExactlyInAnyOrder(
            "rnn.weight_ih_l0", "rnn.weight_hh_l0", "rnn.bias_ih_l0", "rnn.bias_hh_l0");
    assertThat(report.isComplete()).isFalse();
  }

  @Test
  void loadInto_tiedWeights_thatDifferInTheFile_isAnError(@TempDir Path folder) {
    Path path = folder.resolve("untied.safetensors");
    SafeTensorsWriter.write(
        path,
        Map.of("embed_out.weight", Tensor.ones(5, 6), "head.weight", Tensor.zeros(5, 6)),
        Map.of());

    assertThatThrownBy(() -> PretrainedWeights.from(path).strict(false).loadInto(new Tagger(5)))
        .hasMessageContaining("Not tied: embedOut.weight is one tensor in the module, but")
        .hasMessageContaining("head.weight");
  }

  @Test
  void loadInto_tiedWeights_thatTheFileHasUnderTheirSecondName_findsThem(@TempDir Path folder) {
    Path path = folder.resolve("deduplicated.safetensors");
    SafeTensorsWriter.write(path, Map.of("head.weight", Tensor.ones(DType.BF16, 5, 6)), Map.of());
    Tagger tagger = new Tagger(5);

    PretrainedReport report = PretrainedWeights.from(path).strict(false).loadInto(tagger);

    assertThat(report.loaded()).containsExactly(Map.entry("embedOut.weight", "head.weight"));
    assertThat(tagger.embedOut.weight().toFloatArray()).containsOnly(1);
  }

  @Test
  void save_writesPyTorchsNames_andLoadsAgain(@TempDir Path folder) {
    Tagger tagger = new Tagger(5);
    tagger.bn1.runningMean.fill(3);
    Path path = folder.resolve("saved.safetensors");

    PretrainedWeights.save(tagger, path);

    try (SafeTensorsReader reader = SafeTensorsReader.open(path)) {
      assertThat(reader.entries().keySet())
          .contains("bn1.running_mean", "rnn.weight_ih_l0_reverse", "layer_norm.bias");
    }
    Tagger other = new Tagger(5);
    assertThat(PretrainedWeights.from(path).loadInto(other).isComplete()).isTrue();
    assertThat(other.bn1.runningMean.toFloatArray()).containsOnly(3);
  }

  @Test
  void rename_withWhatIsNoExpression_isAnError() {
    assertThatThrownBy(() -> PretrainedWeights.from(Path.of("x")).rename("(", ""))
        .hasMessageContaining("is not a regular expression");
  }

  @ParameterizedTest
  @CsvSource({
    "running_mean, runningMean",
    "encoder.layers.0.self_attn.in_proj_weight, encoder.layers.0.selfAttn.inProjWeight",
    "rnn.weight_ih_l0_reverse, rnn.weightIhL0Reverse",
    "num_batches_tracked, numBatchesTracked",
    "weight, weight",
    "layer1.0.conv2.weight, layer1.0.conv2.weight"
  })
  void names_ofPyTorchAndOurs_turnIntoEachOther(String python, String java) {
    assertThat(PyTorchNames.toFulgur(python)).isEqualTo(java);
    assertThat(PyTorchNames.toPyTorch(java)).isEqualTo(python);
  }
}
