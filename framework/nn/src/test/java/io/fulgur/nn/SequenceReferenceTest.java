package io.fulgur.nn;

import static io.fulgur.nn.testing.Reference.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fulgur.nn.testing.Reference;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.StepScope;
import io.fulgur.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Layers over sequences, with the parameters that PyTorch has under the same names. */
class SequenceReferenceTest {
  private static final JsonNode CASES = Reference.read("sequence.json");

  private static final Map<String, Case<?>> LAYERS = new LinkedHashMap<>();

  /** How to make a layer, and its outputs of the inputs of the reference. */
  private record Case<M extends Module>(
      Supplier<M> layer, BiFunction<M, Tensor[], Tensor[]> function) {
    void check(JsonNode expected, DType dtype) {
      double tolerance = dtype == DType.F32 ? 2e-5 : 1e-11;
      M layer = layer().get();
      layer.to(dtype);
      layer.loadStateDict(Reference.tensors(expected.get("state"), dtype));
      List<Tensor> inputs = new ArrayList<>();
      expected
          .get("inputs")
          .forEach(input -> inputs.add(Reference.tensor(input, dtype).requiresGrad(true)));
      Tensor[] outputs = function().apply(layer, inputs.toArray(Tensor[]::new));

      assertThat(outputs).hasSize(expected.get("outputs").size());
      Tensor total = Tensor.zeros(dtype);
      for (int i = 0; i < outputs.length; i++) {
        assertClose("output " + i, outputs[i], expected.get("outputs").get(i), tolerance);
        total = total.add(outputs[i].mul(weight(outputs[i])).sum());
      }
      total.backward();
      for (int i = 0; i < inputs.size(); i++) {
        Tensor grad = inputs.get(i).grad();
        assertThat(grad).isNotNull();
        assertClose(
            "gradient of input " + i, grad, expected.get("gradInputs").get(i), 2 * tolerance);
      }
      layer
          .namedParameters()
          .forEach(
              (name, parameter) ->
                  assertClose(
                      name + "'s gradient",
                      parameter.grad(),
                      expected.get("gradients").get(name),
                      4 * tolerance));
    }
  }

  private static <M extends Module> void add(
      String name, Supplier<M> layer, BiFunction<M, Tensor[], Tensor[]> function) {
    LAYERS.put(name, new Case<>(layer, function));
  }

  static {
    add("lstm", () -> new LSTM(3, 2), (m, in) -> outputs(m.call(in[0], null)));
    add(
        "lstmOfTwoLayersBothWays",
        () -> LSTM.builder(3, 2).layers(2).bidirectional(true).batchFirst(false).build(),
        (m, in) -> outputs(m.call(in[0], new RecurrentState(in[1], in[2]))));
    add(
        "lstmOfLengths",
        () -> LSTM.builder(3, 2).layers(2).bidirectional(true).build(),
        (m, in) -> outputs(m.call(in[0], null, Tensor.of(new long[] {2, 4, 1}, 3))));
    add(
        "lstmProjected",
        () -> LSTM.builder(3, 4).layers(2).bidirectional(true).projectionSize(2).build(),
        (m, in) -> outputs(m.call(in[0], new RecurrentState(in[1], in[2]))));
    add(
        "lstmProjectedOfLengths",
        () -> LSTM.builder(3, 2).bidirectional(true).projectionSize(1).build(),
        (m, in) -> outputs(m.call(in[0], null, Tensor.of(new long[] {2, 4, 1}, 3))));
    add(
        "lstmOfOneSequence",
        () -> LSTM.builder(3, 2).bias(false).build(),
        (m, in) -> outputs(m.call(in[0], new RecurrentState(in[1], in[2]))));
    add(
        "gru",
        () -> GRU.builder(3, 2).layers(2).build(),
        (m, in) -> outputs(m.call(in[0], new RecurrentState(in[1]))));
    add(
        "gruOfLengths",
        () -> GRU.builder(3, 2).bidirectional(true).build(),
        (m, in) -> outputs(m.call(in[0], null, Tensor.of(new long[] {1, 3}, 2))));
    add("rnn", () -> new RNN(3, 2), (m, in) -> outputs(m.call(in[0], null)));
    add(
        "rnnRelu",
        () -> RNN.reluBuilder(3, 2).build(),
        (m, in) -> outputs(m.call(in[0], new RecurrentState(in[1]))));
    add(
        "lstmCell",
        () -> new LSTMCell(3, 2),
        (m, in) -> states(m.call(in[0], new RecurrentState(in[1], in[2]))));
    add(
        "gruCell",
        () -> new GRUCell(3, 2, /* bias= */ false),
        (m, in) -> states(m.call(in[0], new RecurrentState(in[1]))));
    add(
        "rnnCell",
        () -> new RNNCell(3, 2),
        (m, in) -> states(m.call(in[0], new RecurrentState(in[1]))));
    add(
        "rnnCellRelu",
        () -> RNNCell.relu(3, 2),
        (m, in) -> states(m.call(in[0], new RecurrentState(in[1]))));
    add("selfAttention", () -> new MultiheadAttention(4, 2), (m, in) -> one(m.call(in[0])));
    add(
        "selfAttentionCausalPadded",
        () -> new MultiheadAttention(4, 2),
        (m, in) -> one(m.call(in[0], AttentionMask.ofFuture().keyPadding(padding()))));
    add(
        "crossAttentionAdded",
        () -> new MultiheadAttention(4, 2),
        (m, in) ->
            one(
                m.call(
                    in[0],
                    in[1],
                    in[1],
                    AttentionMask.ofPadding(padding()).attention(added(in[0].dtype())))));
    add(
        "attentionOfOtherFeatures",
        () -> MultiheadAttention.builder(4, 2).keyFeatures(3).valueFeatures(5).bias(false).build(),
        (m, in) -> one(m.call(in[0], in[1], in[2], AttentionMask.none())));
    add(
        "attentionWithWeights",
        () -> new MultiheadAttention(4, 2),
        (m, in) -> {
          MultiheadAttention.WithWeights result =
              m.callWithWeights(in[0], in[1], in[2], AttentionMask.ofPadding(padding()));
          return new Tensor[] {result.output(), result.weights()};
        });
    add(
        "encoderLayer",
        () -> TransformerEncoderLayer.builder(4, 2).feedForward(6).dropout(0).build(),
        (m, in) -> one(m.call(in[0], AttentionMask.ofPadding(padding()))));
    add(
        "encoderLayerNormFirstGelu",
        () ->
            TransformerEncoderLayer.builder(4, 2)
                .feedForward(6)
                .dropout(0)
                .activation(Tensor::gelu)
                .normFirst(true)
                .layerNormEpsilon(1e-3)
                .build(),
        (m, in) -> one(m.call(in[0], AttentionMask.ofFuture())));
    add(
        "decoderLayer",
        SequenceReferenceTest::decoderLayer,
        (m, in) ->
            one(
                m.call(
                    in[0], in[1], AttentionMask.ofFuture(), AttentionMask.ofPadding(padding()))));
    add(
        "decoderLayerNormFirst",
        () ->
            TransformerDecoderLayer.builder(4, 2).feedForward(6).dropout(0).normFirst(true).build(),
        (m, in) -> one(m.call(in[0], in[1])));
    add(
        "encoder",
        () ->
            new TransformerEncoder(
                2,
                TransformerEncoderLayer.builder(4, 2).feedForward(6).dropout(0)::build,
                new LayerNorm(4)),
        (m, in) -> one(m.call(in[0], AttentionMask.ofFuture())));
    add(
        "decoder",
        () ->
            new TransformerDecoder(
                2,
                TransformerDecoderLayer.builder(4, 1).feedForward(6).dropout(0)::build,
                new LayerNorm(4)),
        (m, in) -> one(m.call(in[0], in[1])));
  }

  private static TransformerDecoderLayer decoderLayer() {
    return TransformerDecoderLayer.builder(4, 2).feedForward(6).dropout(0).build();
  }

  private static Tensor padding() {
    return Tensor.of(new boolean[] {false, false, false, false, false, false, true, true}, 2, 4);
  }

  private static Tensor added(DType dtype) {
    double hidden = Double.NEGATIVE_INFINITY;
    double[] values = {0, -1, 0.5, hidden, 1, 0, 0, 2, 0, -2, -0.5, 0.25};
    return Tensor.of(values, 3, 4).to(dtype);
  }

  private static Tensor[] one(Tensor output) {
    return new Tensor[] {output};
  }

  private static Tensor[] outputs(RecurrentOutput out) {
    Tensor[] states = states(out.state());
    return states.length == 1
        ? new Tensor[] {out.output(), states[0]}
        : new Tensor[] {out.output(), states[0], states[1]};
  }

  private static Tensor[] states(RecurrentState state) {
    Tensor c = state.cell();
    return c == null ? one(state.hidden()) : new Tensor[] {state.hidden(), c};
  }

  private static Tensor weight(Tensor output) {
    double[] weight = new double[(int) output.elements()];
    for (int i = 0; i < weight.length; i++) {
      weight[i] = 0.5 + 0.25 * (i % 7);
    }
    return Tensor.of(weight, output.shape().toArray()).to(output.dtype());
  }

  @Test
  void cases_ofTheReference_areAllTested() {
    assertThat(LAYERS.keySet()).containsExactlyInAnyOrderElementsOf(() -> CASES.fieldNames());
  }

  static Stream<Arguments> layersAndTypes() {
    return LAYERS.keySet().stream()
        .flatMap(name -> Stream.of(Arguments.of(name, DType.F32), Arguments.of(name, DType.F64)));
  }

  @ParameterizedTest
  @MethodSource("layersAndTypes")
  void forwardAndBackward_ofLayer_equalPyTorch(String name, DType dtype) {
    LAYERS.get(name).check(CASES.get(name), dtype);
  }

  @ParameterizedTest
  @MethodSource("layersAndTypes")
  void forwardAndBackward_inStepScopes_equalPyTorchEachTime(String name, DType dtype) {
    for (int step = 0; step < 3; step++) {
      try (StepScope ignored = StepScope.open("SequenceReferenceTest")) {
        LAYERS.get(name).check(CASES.get(name), dtype);
      }
    }
  }

  @Test
  void parameters_ofTwoLayersBothWays_areNamedAndOrderedAsInPyTorch() {
    LSTM lstm = LSTM.builder(3, 2).layers(2).bidirectional(true).build();
    assertThat(lstm.namedParameters().keySet())
        .startsWith("weightIhL0", "weightHhL0", "biasIhL0", "biasHhL0", "weightIhL0Reverse")
        .endsWith("biasIhL1Reverse", "biasHhL1Reverse")
        .hasSize(16);
    assertThat(lstm.parameter("weightIhL1").shape()).isEqualTo(Shape.of(8, 4));
  }
}
