package io.fulgur.data;

import io.fulgur.checkpoint.State;
import io.fulgur.tensor.Generator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The way of one of several combined loaders through an epoch. */
final class CombinedPart {
  private static final String CYCLE = "cycle";
  private static final String BATCHES = "batches";
  private static final String POSITION = "position";

  private final String name;
  private final DataLoader loader;
  private final long seed;
  private final long epoch;
  private EpochPlan plan;
  private @Nullable Supplier<HostBatch> upcoming;
  private Place place;
  private boolean exhausted;

  /**
   * How far a part has come.
   *
   * @param cycle how many times it has been read to its end
   * @param batches how many batches were taken since then
   * @param mark how its source stood after the newest of them
   */
  record Place(long cycle, long batches, SourceMark mark) {
    State toState() {
      State.Builder state = State.builder().put(CYCLE, cycle).put(BATCHES, batches);
      State position = mark.position();
      return position == null ? state.build() : state.child(POSITION, position).build();
    }
  }

  /**
   * @param saved where the part goes on; empty to begin
   */
  CombinedPart(String name, DataLoader loader, long seed, long epoch, State saved) {
    this.name = name;
    this.loader = loader;
    this.seed = seed;
    this.epoch = epoch;
    boolean begins = saved.isEmpty();
    long cycle = begins ? 0 : saved.longValue(CYCLE);
    EpochStart start =
        begins
            ? EpochStart.FIRST
            : new EpochStart(
                saved.longValue(BATCHES), saved.hasChild(POSITION) ? saved.child(POSITION) : null);
    SourceMark mark = SourceMark.of(loader.source().state(), start.position());
    this.place = new Place(cycle, start.batches(), mark);
    this.exhausted = cycle > 0;
    this.plan = open(start);
  }

  private EpochPlan open(EpochStart start) {
    // The first time through it reads what the loader alone would read in this epoch.
    long cycleSeed = place.cycle() == 0 ? seed : new Generator(seed).bitsAt(place.cycle());
    return loader.source().open(new EpochContext(cycleSeed, epoch), start);
  }

  String name() {
    return name;
  }

  Place place() {
    return place;
  }

  /** Returns whether its end was reached at least once. */
  boolean isExhausted() {
    return exhausted;
  }

  /** Returns the next task without taking it; null at the end. */
  @Nullable Supplier<HostBatch> peek() {
    if (upcoming == null) {
      upcoming = plan.next();
      exhausted |= upcoming == null;
    }
    return upcoming;
  }

  void startAgain() {
    plan.close();
    place = new Place(place.cycle() + 1, 0, SourceMark.of(loader.source().state(), null));
    plan = open(EpochStart.FIRST);
    upcoming = plan.next();
    if (upcoming == null) {
      throw DataErrors.empty("Part \"" + name + "\" of the combined loader, " + loader + ",");
    }
  }

  Supplier<HostBatch> take() {
    Supplier<HostBatch> task = peek();
    if (task == null) {
      throw new IllegalStateException("The part is at its end");
    }
    upcoming = null;
    place = new Place(place.cycle(), place.batches() + 1, plan.mark());
    return task;
  }

  /** The epoch is over, and a batch that was read and not taken is left out. */
  void end() {
    SourceMark now = SourceMark.of(loader.source().state(), null);
    place = new Place(place.cycle(), place.batches(), now);
  }

  void close() {
    plan.close();
  }
}
