package io.fulgur.data;

import io.fulgur.checkpoint.State;
import io.fulgur.tensor.Generator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An epoch of several loaders. */
final class CombinedPlan extends EpochPlan {
  private final CombinedMode mode;
  private final List<CombinedPart> parts = new ArrayList<>();

  /**
   * @param places where the parts go on, by their names; empty to begin
   */
  CombinedPlan(CombinedBatches source, EpochContext epoch, long first, long toSkip, State places) {
    // Where a part starts again depends on how long the parts are, which reading alone can tell.
    super(epoch, first, toSkip);
    this.mode = source.mode();
    source
        .loaders()
        .forEach(
            (name, loader) -> {
              Long given = loader.givenSeed();
              long seed = given == null ? new Generator(epoch.seed()).bitsAt(parts.size()) : given;
              State place = places.isEmpty() ? places : places.child(name);
              parts.add(new CombinedPart(name, loader, seed, epoch.epoch(), place));
            });
  }

  /** Returns those of some states that are not empty. */
  static State withoutEmpty(Map<String, State> states) {
    State.Builder all = State.builder();
    states.forEach(
        (name, state) -> {
          if (!state.isEmpty()) {
            all.child(name, state);
          }
        });
    return all.build();
  }

  /** Made of those of the parts when it is asked for, which is for one of many batches. */
  private record Mark(Map<String, CombinedPart.Place> places) implements SourceMark {
    @Override
    public State source() {
      Map<String, State> states = new LinkedHashMap<>();
      places.forEach((name, place) -> states.put(name, place.mark().source()));
      return withoutEmpty(states);
    }

    @Override
    public State position() {
      State.Builder all = State.builder();
      places.forEach((name, place) -> all.child(name, place.toState()));
      return all.build();
    }
  }

  @Override
  SourceMark mark() {
    Map<String, CombinedPart.Place> places = new LinkedHashMap<>();
    parts.forEach(part -> places.put(part.name(), part.place()));
    return new Mark(places);
  }

  @Override
  @Nullable Supplier<HostBatch> read() {
    List<CombinedPart> taking = taking();
    if (taking.isEmpty()) {
      parts.forEach(CombinedPart::end);
      return null;
    }
    Map<String, Supplier<HostBatch>> tasks = new LinkedHashMap<>();
    taking.forEach(part -> tasks.put(part.name(), part.take()));
    return () -> {
      Map<String, HostBatch> batches = new LinkedHashMap<>();
      tasks.forEach((name, task) -> batches.put(name, task.get()));
      return HostBatch.ofParts(batches);
    };
  }

  /** Returns the parts of the next batch; none at the end. */
  private List<CombinedPart> taking() {
    if (mode == CombinedMode.SEQUENTIAL) {
      return parts.stream().filter(part -> part.peek() != null).limit(1).toList();
    }
    List<CombinedPart> ready = parts.stream().filter(part -> part.peek() != null).toList();
    return switch (mode) {
      case MIN_SIZE -> ready.size() == parts.size() ? ready : List.of();
      case MAX_SIZE_CYCLE -> cycled();
      default -> ready;
    };
  }

  private List<CombinedPart> cycled() {
    if (parts.stream().allMatch(CombinedPart::isExhausted)) {
      return List.of();
    }
    parts.stream().filter(part -> part.peek() == null).forEach(CombinedPart::startAgain);
    return parts;
  }

  @Override
  void close() {
    parts.forEach(CombinedPart::close);
  }
}
