package io.fulgur.tensor.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.RecurrentOperators.Cell;
import io.fulgur.tensor.testing.TensorHygiene;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Layers of sizes at which kernels work in blocks and on several threads, against the same layers
 * in double precision, step by step.
 */
@ExtendWith(TensorHygiene.class)
class RecurrentTest {
  private static final int TIME = 7;
  private static final int BATCH = 43;
  private static final int FEATURES = 150;
  private static final int HIDDEN = 90;

  @ParameterizedTest
  @CsvSource({
    "TANH, false, false",
    "RELU, true, true",
    "LSTM, false, false",
    "LSTM, true, false",
    "LSTM, false, true",
    "LSTM, true, true",
    "GRU, false, false",
    "GRU, true, true",
  })
  void layer_ofManySequences_equalsStepsInDoublePrecision(
      Cell cell, boolean reverse, boolean ofLengths) {
    Tensor lengths = null;
    if (ofLengths) {
      long[] values = new long[BATCH];
      for (int i = 0; i < BATCH; i++) {
        values[i] = i * 5L % (TIME + 1);
      }
      lengths = Tensor.of(values, BATCH);
    }
    List<double[]> single = run(cell, reverse, lengths, DType.F32);
    List<double[]> twice = run(cell, reverse, lengths, DType.F64);
    assertThat(single).hasSameSizeAs(twice);
    for (int i = 0; i < single.size(); i++) {
      double[] actual = single.get(i);
      double[] expected = twice.get(i);
      double largest = 1;
      for (double x : expected) {
        largest = Math.max(largest, Math.abs(x));
      }
      for (int j = 0; j < expected.length; j++) {
        assertThat(actual[j])
            .as("value %d of %d", j, i)
            .isCloseTo(expected[j], offset(4e-6 * largest));
      }
    }
  }

  /** Returns outputs, states and all gradients. */
  private static List<double[]> run(
      Cell cell, boolean reverse, @Nullable Tensor lengths, DType type) {
    Generator generator = new Generator(7);
    long rows = (long) cell.gates() * HIDDEN;
    List<Tensor> leaves = new ArrayList<>();
    for (long[] shape :
        new long[][] {
          {TIME, BATCH, FEATURES},
          {BATCH, HIDDEN},
          {BATCH, HIDDEN},
          {rows, FEATURES},
          {rows, HIDDEN},
          {rows},
          {rows}
        }) {
      Tensor leaf = Tensor.uniform(generator, -0.1, 0.1, DType.F32, shape).to(type).detach();
      leaves.add(leaf.requiresGrad(true));
    }
    Recurrent.Result result =
        Recurrent.layer(
            cell,
            leaves.get(0),
            new Recurrent.State(leaves.get(1), cell.hasCellState() ? leaves.get(2) : null),
            new Recurrent.Weights(leaves.get(3), leaves.get(4), leaves.get(5), leaves.get(6)),
            reverse,
            lengths);
    Tensor loss = result.output().square().sum().add(result.state().hidden().sum());
    Tensor c = result.state().cell();
    loss = c == null ? loss : loss.add(c.square().sum());
    loss.backward();
    List<double[]> results = new ArrayList<>();
    results.add(result.output().toDoubleArray());
    results.add(result.state().hidden().toDoubleArray());
    for (Tensor leaf : leaves) {
      Tensor grad = leaf.grad();
      if (grad != null) {
        results.add(grad.toDoubleArray());
      }
    }
    return results;
  }
}
