package io.fulgur.data;

import io.fulgur.tensor.Generator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

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
  public EpochPlan open(EpochContext epoch, long skipped) {
    return new Plan(epoch, skipped);
  }

  /** One loader's way through an epoch. */
  private static final class Part {
    private final String name;
    private final DataLoader loader;
    private final long seed;
    private final long epoch;
    private EpochPlan plan;
    private @Nullable Supplier<HostBatch> upcoming;
    private long cycle;
    private boolean exhausted;

    Part(String name, DataLoader loader, long seed, long epoch) {
      this.name = name;
      this.loader = loader;
      this.seed = seed;
      this.epoch = epoch;
      this.plan = open();
    }

    private EpochPlan open() {
      // The first time through it reads what the loader alone would read in this epoch.
      long cycleSeed = cycle == 0 ? seed : new Generator(seed).bitsAt(cycle);
      return loader.source().open(new EpochContext(cycleSeed, epoch), 0);
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
      cycle++;
      plan = open();
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
      return task;
    }
  }

  private final class Plan extends EpochPlan {
    private final List<Part> parts = new ArrayList<>();

    Plan(EpochContext epoch, long skipped) {
      // Where a part starts again depends on how long the parts are, which reading alone can tell.
      super(epoch, /* first= */ 0, skipped);
      loaders.forEach(
          (name, loader) -> {
            Long given = loader.givenSeed();
            long seed = given == null ? new Generator(epoch.seed()).bitsAt(parts.size()) : given;
            parts.add(new Part(name, loader, seed, epoch.epoch()));
          });
    }

    @Override
    @Nullable Supplier<HostBatch> read() {
      List<Part> taking = taking();
      if (taking.isEmpty()) {
        return null;
      }
      Map<String, Supplier<HostBatch>> tasks = new LinkedHashMap<>();
      taking.forEach(part -> tasks.put(part.name, part.take()));
      return () -> {
        Map<String, HostBatch> batches = new LinkedHashMap<>();
        tasks.forEach((name, task) -> batches.put(name, task.get()));
        return HostBatch.ofParts(batches);
      };
    }

    /** Returns the parts of the next batch; none at the end. */
    private List<Part> taking() {
      if (mode == CombinedMode.SEQUENTIAL) {
        return parts.stream().filter(part -> part.peek() != null).limit(1).toList();
      }
      List<Part> ready = parts.stream().filter(part -> part.peek() != null).toList();
      return switch (mode) {
        case MIN_SIZE -> ready.size() == parts.size() ? ready : List.of();
        case MAX_SIZE_CYCLE -> cycled();
        default -> ready;
      };
    }

    private List<Part> cycled() {
      if (parts.stream().allMatch(part -> part.exhausted)) {
        return List.of();
      }
      parts.stream().filter(part -> part.peek() == null).forEach(Part::startAgain);
      return parts;
    }

    @Override
    void close() {
      parts.forEach(part -> part.plan.close());
    }
  }
}
