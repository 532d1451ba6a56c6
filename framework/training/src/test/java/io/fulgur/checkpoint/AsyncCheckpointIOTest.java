package io.fulgur.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.StepScope;
import io.fulgur.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AsyncCheckpointIOTest {
  @TempDir private Path folder;

  private final GatedIO gate = new GatedIO();
  private final AsyncCheckpointIO io = new AsyncCheckpointIO(gate);

  /** Files, of which each piece of work waits until it is let through. */
  private static final class GatedIO implements CheckpointIO {
    private final CheckpointIO files = new SafeTensorsCheckpointIO();
    final Semaphore permits = new Semaphore(0);
    final List<String> done = Collections.synchronizedList(new ArrayList<>());
    final List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
    volatile @Nullable RuntimeException failure;

    private void pass(String action, Path path) {
      permits.acquireUninterruptibly();
      threads.add(Thread.currentThread());
      RuntimeException thrown = failure;
      if (thrown != null) {
        failure = null;
        throw thrown;
      }
      done.add(action + " " + path.getFileName());
    }

    @Override
    public void save(Checkpoint checkpoint, Path path) {
      pass("save", path);
      files.save(checkpoint, path);
    }

    @Override
    public Checkpoint load(Path path) {
      return files.load(path);
    }

    @Override
    public CheckpointMetadata loadMetadata(Path path) {
      return files.loadMetadata(path);
    }

    @Override
    public void remove(Path path) {
      pass("remove", path);
      files.remove(path);
    }

    @Override
    public void copy(Path source, Path target) {
      pass("copy", target);
      files.copy(source, target);
    }

    @Override
    public void link(Path target, Path link) {
      pass("link", link);
      files.link(target, link);
    }
  }

  @AfterEach
  void letEverythingThrough() {
    gate.failure = null;
    gate.permits.release(1000);
    try {
      io.flush();
    } catch (FulgurException e) {
      // Tests of failures have seen it.
    }
  }

  private Path path(String name) {
    return folder.resolve(name);
  }

  private static Checkpoint checkpoint(Tensor weight, Tensor moment) {
    return Checkpoint.builder()
        .globalStep(7)
        .weights(Map.of("weight", weight))
        .state("optimizers", State.builder().put("rate", 0.5).tensor("moment", moment).build())
        .build();
  }

  private static Checkpoint checkpoint(double value) {
    return checkpoint(Tensor.full(value, DType.F32, 3, 2), Tensor.full(value, DType.F64, 5));
  }

  private void assertHolds(Path path, double value) {
    try (Checkpoint loaded = new SafeTensorsCheckpointIO().load(path)) {
      assertThat(loaded.globalStep()).isEqualTo(7);
      assertThat(weight(loaded).toFloatArray()).hasSize(6).containsOnly((float) value);
      State state = loaded.state("optimizers");
      assertThat(state.doubleValue("rate")).isEqualTo(0.5);
      assertThat(state.tensor("moment").toDoubleArray()).hasSize(5).containsOnly(value);
    }
  }

  private static Tensor weight(Checkpoint checkpoint) {
    return Objects.requireNonNull(checkpoint.weights().get("weight"));
  }

  @Test
  void save_tensorsChangeAfterwards_writesWhatTheyWere() {
    Tensor weight = Tensor.full(1, DType.F32, 3, 2);
    Tensor moment = Tensor.full(1, DType.F64, 5);
    for (int step = 1; step <= 3; step++) {
      weight.fill(step);
      moment.fill(step);
      io.save(checkpoint(weight, moment), path(step + ".ckpt"));
      weight.fill(-1);
      moment.fill(-1);
      gate.permits.release();
    }
    io.flush();

    for (int step = 1; step <= 3; step++) {
      assertHolds(path(step + ".ckpt"), step);
    }
    assertThat(gate.threads).doesNotContain(Thread.currentThread()).hasSize(3);
  }

  @Test
  void save_everyTypeAndTransposedTensors_areWritten() {
    gate.permits.release(10);
    Tensor matrix = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
    for (DType dtype : DType.values()) {
      Tensor tensor = Tensor.ones(dtype, 2, 3);
      io.save(checkpoint(tensor, matrix.transpose(0, 1)), path("a.ckpt"));
      io.flush();
      try (Checkpoint loaded = new SafeTensorsCheckpointIO().load(path("a.ckpt"))) {
        assertThat(weight(loaded).dtype()).isEqualTo(dtype);
        assertThat(weight(loaded).to(DType.F32).toFloatArray()).containsOnly(1).hasSize(6);
        assertThat(loaded.state("optimizers").tensor("moment").toFloatArray())
            .containsExactly(1, 4, 2, 5, 3, 6);
      }
    }
  }

  @Test
  void save_withinAScopeThatCloses_writesWhatWasThere() {
    try (StepScope scope = StepScope.open(new Object())) {
      Tensor pooled = Tensor.full(2, DType.F32, 3, 2).mul(2);
      io.save(checkpoint(pooled, Tensor.full(4, DType.F64, 5)), path("a.ckpt"));
    }
    try (StepScope scope = StepScope.open(new Object())) {
      Tensor.full(9, DType.F32, 3, 2).mul(2);
    }
    gate.permits.release();
    io.flush();

    assertHolds(path("a.ckpt"), 4);
  }

  @Test
  void save_shapesChange_writesTheNewOnes() {
    gate.permits.release(2);
    io.save(checkpoint(1), path("a.ckpt"));
    io.flush();
    gate.permits.release(2);
    io.save(checkpoint(Tensor.full(3, DType.F32, 6), Tensor.full(3, DType.F64, 5)), path("b.ckpt"));
    io.save(checkpoint(5), path("a.ckpt"));
    io.flush();

    assertHolds(path("b.ckpt"), 3);
    assertHolds(path("a.ckpt"), 5);
  }

  @Test
  void everything_isDoneInOrder_andLooksDoneAtOnce() {
    io.save(checkpoint(1), path("a.ckpt"));
    assertThat(io.exists(path("a.ckpt"))).isTrue();
    assertThat(path("a.ckpt")).doesNotExist();
    io.copy(path("a.ckpt"), path("copy.ckpt"));
    io.link(path("copy.ckpt"), path("last.ckpt"));
    io.remove(path("a.ckpt"));
    assertThat(io.exists(path("a.ckpt"))).isFalse();
    assertThat(io.exists(path("copy.ckpt"))).isTrue();
    gate.permits.release(4);
    io.flush();

    assertThat(gate.done)
        .containsExactly("save a.ckpt", "copy copy.ckpt", "link last.ckpt", "remove a.ckpt");
    assertThat(io.exists(path("a.ckpt"))).isFalse();
    assertHolds(path("last.ckpt"), 1);
    assertThat(path("last.ckpt")).isSymbolicLink();
  }

  @Test
  void load_beingWritten_waitsForIt() {
    io.save(checkpoint(3), path("a.ckpt"));
    CompletableFuture<Void> loading = CompletableFuture.runAsync(() -> assertLoads(3));
    assertThat(loading).isNotDone();
    gate.permits.release();
    loading.join();
    assertThat(io.loadMetadata(path("a.ckpt")).globalStep()).isEqualTo(7);
    io.loadWeights(path("a.ckpt")).close();
  }

  private void assertLoads(float value) {
    try (Checkpoint loaded = io.load(path("a.ckpt"))) {
      assertThat(weight(loaded).toFloatArray()).containsOnly(value);
    }
  }

  @Test
  void save_twoAreBeingWritten_waitsForOne() {
    io.save(checkpoint(1), path("a.ckpt"));
    io.save(checkpoint(2), path("b.ckpt"));
    CompletableFuture<Void> third =
        CompletableFuture.runAsync(() -> io.save(checkpoint(3), path("c.ckpt")));
    assertThat(third).isNotDone();
    gate.permits.release();
    third.join();
    assertThat(gate.done).containsExactly("save a.ckpt");
    gate.permits.release(2);
    io.flush();

    assertHolds(path("c.ckpt"), 3);
  }

  @Test
  void flush_savingHasFailed_leavesOutTheRestAndTells() {
    gate.permits.release();
    io.save(checkpoint(1), path("old.ckpt"));
    io.flush();
    gate.failure = new FulgurException(ErrorId.DISK_FULL, "new.ckpt could not be written.");
    io.save(checkpoint(2), path("new.ckpt"));
    io.copy(path("new.ckpt"), path("last.ckpt"));
    io.remove(path("old.ckpt"));
    gate.permits.release(10);

    assertThatThrownBy(io::flush)
        .isInstanceOfSatisfying(
            FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.DISK_FULL))
        .hasMessage(
            "[DiskFull] Saving checkpoints in the background failed while training went on. What"
                + " was to follow, 2 times to save, copy, link or remove one, was left out, so that"
                + " no older one is lost.\n"
                + "   [DiskFull] new.ckpt could not be written.");
    assertHolds(path("old.ckpt"), 1);
    assertThat(path("new.ckpt")).doesNotExist();
    assertThat(path("last.ckpt")).doesNotExist();

    io.save(checkpoint(4), path("last.ckpt"));
    io.flush();
    assertHolds(path("last.ckpt"), 4);
  }

  @Test
  void anyChange_savingHasFailed_tellsOnce() {
    List<Runnable> changes =
        List.of(
            () -> io.save(checkpoint(1), path("b.ckpt")),
            () -> io.copy(path("a.ckpt"), path("b.ckpt")),
            () -> io.link(path("a.ckpt"), path("b.ckpt")),
            () -> io.remove(path("a.ckpt")));
    gate.permits.release(100);
    for (Runnable change : changes) {
      gate.failure = new FulgurException(ErrorId.DISK_FULL, "a.ckpt could not be written.");
      io.save(checkpoint(2), path("a.ckpt"));
      while (io.exists(path("a.ckpt"))) {
        Thread.onSpinWait();
      }
      assertThatThrownBy(change::run).hasMessageContaining("a.ckpt could not be written.");
      io.flush();
      assertThat(path("b.ckpt")).doesNotExist();
    }
  }

  @Test
  void flush_pluginThatThrowsAnything_isWrapped() {
    gate.failure = new IllegalStateException("no connection");
    io.save(checkpoint(1), path("a.ckpt"));
    gate.permits.release();

    assertThatThrownBy(io::flush)
        .hasMessage(
            "[CannotWrite] Saving checkpoints in the background failed while training went on.\n"
                + "   java.lang.IllegalStateException: no connection")
        .hasRootCauseMessage("no connection");
    io.flush();
  }

  @Test
  void flush_threadIsInterrupted_waitsAllTheSame() {
    io.save(checkpoint(1), path("a.ckpt"));
    Thread.currentThread().interrupt();
    try {
      gate.permits.release();
      io.flush();
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }

    assertHolds(path("a.ckpt"), 1);
  }

  @Test
  void prepare_beforeAndAfterTheFirstStep_writesWhatIsSavedThen() {
    Checkpoint untrained =
        Checkpoint.builder().weights(Map.of("weight", Tensor.zeros(3, 2))).build();
    io.prepare(() -> untrained);
    io.prepare(() -> checkpoint(1));

    io.save(checkpoint(2), path("a.ckpt"));
    io.prepare(() -> checkpoint(1));
    gate.permits.release();
    io.flush();

    assertThat(gate.done).containsExactly("save a.ckpt");
    assertHolds(path("a.ckpt"), 2);
  }

  @Test
  void save_tensorThatIsDead_failsAtOnceAndKeepsWorking() {
    Tensor dead;
    try (StepScope scope = StepScope.open(new Object())) {
      dead = Tensor.full(2, DType.F32, 3, 2).mul(2);
    }
    gate.permits.release(10);
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> io.save(checkpoint(dead, dead), path("a.ckpt")))
          .isInstanceOf(IllegalStateException.class);
    }
    io.save(checkpoint(1), path("a.ckpt"));
    io.flush();

    assertHolds(path("a.ckpt"), 1);
    assertThat(Files.exists(path("b.ckpt"))).isFalse();
  }
}
