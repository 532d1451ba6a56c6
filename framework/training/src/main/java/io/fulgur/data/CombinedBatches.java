package io.fulgur.data;

import io.fulgur.checkpoint.State;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/** Batches that are made of those of several loaders. */
record CombinedBatches(CombinedMode mode, Map<String, DataLoader> loaders) implements EpochSource {
  @Override
  public OptionalLong length() {
    long sum = 0;
    long least = Long.MAX_VALUE;
    long most = 0;
    for (DataLoader loader : loaders.values()) {
      OptionalLong length = loader.length();
      if (length.isEmpty()) {
        return OptionalLong.empty();
      }
      sum += length.getAsLong();
      least = Math.min(least, length.getAsLong());
      most = Math.max(most, length.getAsLong());
    }
    return OptionalLong.of(
        switch (mode) {
          case MIN_SIZE -> least;
          case MAX_SIZE, MAX_SIZE_CYCLE -> most;
          case SEQUENTIAL -> sum;
        });
  }

  @Override
  public String kind() {
    return mode + " of " + String.join(", ", loaders.keySet());
  }

  @Override
  public State state() {
    Map<String, State> states = new LinkedHashMap<>();
    loaders.forEach((name, loader) -> states.put(name, loader.source().state()));
    return CombinedPlan.withoutEmpty(states);
  }

  @Override
  public void loadState(State state) {
    for (String name : state.children()) {
      DataLoader loader = loaders.get(name);
      if (loader != null) {
        loader.source().loadState(state.child(name));
      }
    }
  }

  @Override
  public EpochPlan open(EpochContext epoch, EpochStart start) {
    State place = start.position();
    return place == null
        ? new CombinedPlan(this, epoch, /* first= */ 0, start.batches(), State.empty())
        : new CombinedPlan(this, epoch, start.batches(), /* toSkip= */ 0, place);
  }
}
