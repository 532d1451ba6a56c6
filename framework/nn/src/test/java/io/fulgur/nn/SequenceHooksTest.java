package io.fulgur.nn;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.testing.TensorHygiene;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Hooks run once around every way in which layers over sequences can be called. */
@ExtendWith(TensorHygiene.class)
class SequenceHooksTest {
  private static final Tensor X = random(2, 3, 4);
  private static final Tensor Y = random(2, 5, 4);
  private static final Tensor LENGTHS = Tensor.of(new long[] {3, 1}, 2);
  private static final RecurrentState STATE = new RecurrentState(random(1, 2, 4), random(1, 2, 4));
  private static final AttentionMask NONE = AttentionMask.none();

  static Stream<Arguments> calls() {
    return Stream.of(
        of("LSTM", () -> new LSTM(4, 4), m -> m.call(X), 1, 1),
        of("LSTM from a state", () -> new LSTM(4, 4), m -> m.call(X, STATE), 4, 3),
        of("LSTM of lengths", () -> new LSTM(4, 4), m -> m.call(X, null, LENGTHS), 4, 3),
        of(
            "projected LSTM",
            () -> LSTM.builder(4, 4).projectionSize(2).build(),
            m -> m.call(X, null),
            4,
            3),
        of("GRU", () -> new GRU(4, 4), m -> m.call(X), 1, 1),
        of("GRU of lengths", () -> new GRU(4, 4), m -> m.call(X, null, LENGTHS), 4, 2),
        of("RNN", () -> new RNN(4, 4), m -> m.call(X, null), 4, 2),
        of("LSTMCell", () -> new LSTMCell(4, 4), m -> m.call(X.select(1, 0)), 1, 1),
        of("LSTMCell, typed", () -> new LSTMCell(4, 4), m -> m.call(X.select(1, 0), null), 3, 2),
        of("GRUCell, typed", () -> new GRUCell(4, 4), m -> m.call(X.select(1, 0), null), 3, 1),
        of("attention", () -> new MultiheadAttention(4, 2), m -> m.call(X), 1, 1),
        of("masked attention", () -> new MultiheadAttention(4, 2), m -> m.call(X, NONE), 3, 1),
        of("cross-attention", () -> new MultiheadAttention(4, 2), m -> m.call(X, Y, Y, NONE), 3, 1),
        of(
            "attention with weights",
            () -> new MultiheadAttention(4, 2),
            m -> m.callWithWeights(X, Y, Y, NONE),
            3,
            2),
        of("encoder layer", () -> new TransformerEncoderLayer(4, 2), m -> m.call(X), 1, 1),
        of(
            "masked encoder layer",
            () -> new TransformerEncoderLayer(4, 2),
            m -> m.call(X, NONE),
            1,
            1),
        of("decoder layer", () -> new TransformerDecoderLayer(4, 2), m -> m.call(X, Y), 2, 1),
        of(
            "masked decoder layer",
            () -> new TransformerDecoderLayer(4, 2),
            m -> m.call(X, Y, NONE, NONE),
            2,
            1),
        of("encoder", SequenceHooksTest::encoder, m -> m.call(X, NONE), 1, 1),
        of("decoder", SequenceHooksTest::decoder, m -> m.call(X, Y), 2, 1));
  }

  private static TransformerEncoder encoder() {
    return new TransformerEncoder(2, () -> new TransformerEncoderLayer(4, 2));
  }

  private static TransformerDecoder decoder() {
    return new TransformerDecoder(2, () -> new TransformerDecoderLayer(4, 2));
  }

  private static <M extends Module> Arguments of(
      String name, Supplier<M> module, Consumer<M> call, int inputs, int outputs) {
    return Arguments.of(name, module, call, inputs, outputs);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("calls")
  <M extends Module> void hooks_runOnceAroundTheCall(
      String name, Supplier<M> layer, Consumer<M> call, int inputs, int outputs) {
    M module = layer.get();
    List<String> seen = new ArrayList<>();
    module.registerForwardPreHook(
        (m, in) -> {
          seen.add("before " + in.length);
          return in;
        });
    module.registerForwardHook(
        (m, in, out) -> {
          seen.add("after " + in.length + " -> " + out.length);
          return out;
        });

    call.accept(module);

    assertThat(seen).containsExactly("before " + inputs, "after " + inputs + " -> " + outputs);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("calls")
  <M extends Module> void hooks_ofEveryPartBelow_run(
      String name, Supplier<M> layer, Consumer<M> call, int inputs, int outputs) {
    M module = layer.get();
    List<Module> ran = new ArrayList<>();
    List<Module> parts =
        module.namedModules().values().stream().filter(SequenceHooksTest::computes).toList();
    for (Module part : parts) {
      part.registerForwardHook(
          (m, in, out) -> {
            ran.add(m);
            return out;
          });
    }

    call.accept(module);

    assertThat(ran).containsExactlyInAnyOrderElementsOf(parts);
  }

  /** Containers are looked through, not called. */
  private static boolean computes(Module module) {
    return !(module instanceof ModuleList || module instanceof ModuleDict);
  }

  private static Tensor random(long... shape) {
    return Tensor.uniform(new Generator(Arrays.hashCode(shape)), -1, 1, DType.F32, shape);
  }
}
