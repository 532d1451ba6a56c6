package io.fulgur.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SnapshotPoolTest {
  private final SnapshotPool pool = new SnapshotPool(2);

  @Test
  void startPreparing_twice_isOneSnapshotAwaitedUntilBothHaveEnded() {
    Snapshot first = Objects.requireNonNull(pool.startPreparing());
    assertThat(pool.startPreparing()).isSameAs(first);
    pool.endPreparing();

    CompletableFuture<Snapshot> acquiring = CompletableFuture.supplyAsync(pool::acquire);
    assertThat(acquiring).isNotDone();
    pool.endPreparing();

    assertThat(acquiring.join()).isSameAs(first);
  }

  @Test
  void startPreparing_oneIsIdle_addsToThatOne() {
    Snapshot idle = pool.acquire();
    pool.release(idle);

    assertThat(pool.startPreparing()).isSameAs(idle);
    pool.endPreparing();
    assertThat(pool.acquire()).isSameAs(idle);
  }

  @Test
  void startPreparing_allAreInUse_isNone() {
    pool.acquire();
    pool.acquire();

    assertThat(pool.startPreparing()).isNull();
  }
}
