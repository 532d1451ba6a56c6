package io.fulgur.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Tensor;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SnapshotTest {
  private final Snapshot snapshot = new Snapshot();

  @AfterEach
  void free() {
    snapshot.free();
  }

  private static Checkpoint checkpoint(double value) {
    return Checkpoint.builder()
        .weights(Map.of("weight", Tensor.full(value, DType.F32, 300, 20)))
        .build();
  }

  private static Checkpoint trained(double value) {
    return Checkpoint.builder()
        .weights(checkpoint(value).weights())
        .state(
            "optimizers",
            State.builder().tensor("moment", Tensor.full(value, DType.F64, 5)).build())
        .build();
  }

  private static Tensor weight(Checkpoint checkpoint) {
    return Objects.requireNonNull(checkpoint.weights().get("weight"));
  }

  @Test
  void reserve_thenTake_usesTheMemoryThatWasReserved() {
    snapshot.reserve(Snapshot.blocks(trained(1)));
    Map<String, Tensor> reserved = snapshot.memory();

    Checkpoint copy = snapshot.take(trained(2));

    assertThat(reserved).containsOnlyKeys("weight", "optimizers:moment");
    assertThat(snapshot.memory()).isEqualTo(reserved);
    assertThat(weight(copy)).isSameAs(reserved.get("weight"));
    assertThat(weight(copy).toFloatArray()).hasSize(6000).containsOnly(2);
    assertThat(copy.state("optimizers").tensor("moment").toDoubleArray()).containsOnly(2);
  }

  @Test
  void reserve_whenOptimizersHaveTheirStates_addsOnlyTheirs() {
    snapshot.reserve(Snapshot.blocks(checkpoint(1)));
    Tensor weights = snapshot.memory().get("weight");

    snapshot.reserve(Snapshot.blocks(trained(1)));

    assertThat(snapshot.memory()).containsOnlyKeys("weight", "optimizers:moment");
    assertThat(snapshot.memory().get("weight")).isSameAs(weights);
  }

  @Test
  void reserve_ofAnotherShape_replacesWhatDoesNotFit() {
    snapshot.reserve(Map.of("weight", new Snapshot.Block(DType.F32, Tensor.zeros(7, 3).shape())));

    snapshot.reserve(Snapshot.blocks(checkpoint(1)));

    assertThat(Objects.requireNonNull(snapshot.memory().get("weight")).elements()).isEqualTo(6000);
    assertThat(weight(snapshot.take(checkpoint(4))).toFloatArray()).containsOnly(4);
  }
}
