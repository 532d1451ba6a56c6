package io.fulgur.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.checkpoint.State;

/** States of loaders, as far as they count. */
public final class LoaderStates {
  private LoaderStates() {}

  /** Returns one as it was saved where nothing had a state of its own. */
  public static State of(long seed, long epoch, long batches) {
    return State.builder().put("seed", seed).put("epoch", epoch).put("batches", batches).build();
  }

  /** Checks where a loader stands. */
  public static void assertAt(DataLoader loader, long seed, long epoch, long batches) {
    State state = loader.state();
    assertThat(state.longValue("seed")).as("seed").isEqualTo(seed);
    assertThat(state.longValue("epoch")).as("epoch").isEqualTo(epoch);
    assertThat(state.longValue("batches")).as("batches").isEqualTo(batches);
  }
}
