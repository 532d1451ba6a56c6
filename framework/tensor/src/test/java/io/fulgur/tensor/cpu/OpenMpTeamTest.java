package io.fulgur.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.ThreadPolicy;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class OpenMpTeamTest {
  @BeforeAll
  static void assumeTeam() {
    // Loads the engine, and with it the runtime.
    assertThat(Tensor.zeros(1).elements()).isEqualTo(1);
    Assumptions.assumeTrue(OpenMpTeam.idle() != null, "no team of OpenMP here");
  }

  private static void run(int count, OpenMpTeam.Piece piece) {
    OpenMpTeam team = OpenMpTeam.idle();
    assertThat(team).isNotNull();
    if (team != null) {
      team.run(count, piece);
    }
  }

  @Test
  void run_ofManyPieces_runsEachOnce() {
    AtomicIntegerArray runs = new AtomicIntegerArray(100);
    for (int i = 0; i < 50; i++) {
      run(runs.length(), runs::incrementAndGet);
    }
    for (int i = 0; i < runs.length(); i++) {
      assertThat(runs.get(i)).isEqualTo(50);
    }
  }

  @Test
  void run_again_usesTheSameFewThreads() {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    for (int i = 0; i < 50; i++) {
      run(8, piece -> threads.add(Thread.currentThread()));
    }
    assertThat(threads.size()).isLessThanOrEqualTo(ThreadPolicy.current().threads());
  }

  @Test
  void run_ofAFailingPiece_throwsWhatItThrewAndGoesOn() {
    assertThatThrownBy(
            () ->
                run(
                    4,
                    piece -> {
                      throw new IllegalArgumentException("piece " + piece);
                    }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("piece ");
    AtomicIntegerArray runs = new AtomicIntegerArray(4);
    run(4, runs::incrementAndGet);
    assertThat(runs.toString()).isEqualTo("[1, 1, 1, 1]");
  }

  @Test
  void idle_withinAPiece_isNoTeam() {
    AtomicBoolean found = new AtomicBoolean();
    Thread caller = Thread.currentThread();
    run(
        16,
        piece -> {
          if (Thread.currentThread() == caller && OpenMpTeam.idle() != null) {
            found.set(true);
          }
        });
    assertThat(found).isFalse();
    assertThat(OpenMpTeam.idle()).isNotNull();
  }
}
