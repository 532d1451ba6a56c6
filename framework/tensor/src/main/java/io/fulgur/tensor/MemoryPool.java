package io.fulgur.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Blocks of one engine that step scopes hand out and take back. Not thread-safe: each thread has
 * its own.
 *
 * <p>Handing out is deterministic: the same sequence of requests and returns yields the same
 * blocks, at every step. Each size class is a stack of free blocks. Closing a scope restores the
 * order in which the blocks were first made, so popping a fresh stack and making new blocks give
 * the same order, and a block returned within the step is the next to be handed out, still warm in
 * the cache. The {@link CallCache} rests on this.
 */
final class MemoryPool {
  /**
   * How many times the memory of its largest step a pool may keep. Steps of a few kinds, e.g. of
   * training and validation, stay below; those whose shapes differ each time, as of sequences of
   * any length, would keep blocks of every size there is.
   */
  private static final int MOST_STEPS = 4;

  private final Engine engine;
  private final Map<DType, List<SizeClass>> classes = new EnumMap<>(DType.class);

  private long step;
  private long largestStep;

  MemoryPool(Engine engine) {
    this.engine = engine;
  }

  /** Returns the class of blocks that hold at least so many elements. */
  SizeClass sizeClass(DType dtype, long elements) {
    long capacity = roundUp(Math.max(elements, 1));
    List<SizeClass> ofType = classes.computeIfAbsent(dtype, d -> new ArrayList<>());
    for (SizeClass candidate : ofType) {
      if (candidate.capacity == capacity) {
        return candidate;
      }
    }
    SizeClass made = new SizeClass(dtype, capacity);
    ofType.add(made);
    return made;
  }

  /** Takes all blocks back from whoever holds them: a step has ended. */
  void reclaim() {
    step++;
    long total = 0;
    long inStep = 0;
    for (List<SizeClass> ofType : classes.values()) {
      for (SizeClass sizeClass : ofType) {
        if (sizeClass.used) {
          sizeClass.lastStep = step;
          inStep += sizeClass.sizeBytes();
        }
        total += sizeClass.sizeBytes();
        sizeClass.reclaim();
      }
    }
    largestStep = Math.max(largestStep, inStep);
    if (total > MOST_STEPS * largestStep) {
      shrink(total - MOST_STEPS * largestStep);
    }
  }

  /**
   * Frees the blocks of the sizes that were not needed for longest. Kernels that are bound to them
   * never run again, because no tensor will have that memory.
   */
  private void shrink(long excessBytes) {
    List<SizeClass> idle =
        classes.values().stream()
            .flatMap(List::stream)
            .filter(c -> c.lastStep != step)
            .sorted(Comparator.comparingLong(c -> c.lastStep))
            .toList();
    long excess = excessBytes;
    for (SizeClass sizeClass : idle) {
      if (excess <= 0) {
        return;
      }
      excess -= sizeClass.sizeBytes();
      sizeClass.free();
    }
  }

  /** Frees all blocks. */
  void free() {
    for (List<SizeClass> ofType : classes.values()) {
      ofType.forEach(SizeClass::free);
      ofType.clear();
    }
    largestStep = 0;
  }

  /** Returns the bytes of all blocks. */
  long sizeBytes() {
    return classes.values().stream().flatMap(List::stream).mapToLong(SizeClass::sizeBytes).sum();
  }

  /** Rounds up so that at most an eighth of a block is waste and there are few classes. */
  private static long roundUp(long elements) {
    if (elements <= 16) {
      return 16;
    }
    long step = Math.max(16, Long.highestOneBit(elements - 1) >> 3);
    return (elements + step - 1) / step * step;
  }

  /** Blocks of one type and capacity. */
  final class SizeClass {
    private final DType dtype;
    private final long capacity;
    private final List<Storage> blocks = new ArrayList<>();
    private Storage[] free = new Storage[4];
    private int freeCount;
    private boolean used;
    private long lastStep;

    private SizeClass(DType dtype, long capacity) {
      this.dtype = dtype;
      this.capacity = capacity;
    }

    private long sizeBytes() {
      return blocks.size() * capacity * dtype.sizeBytes();
    }

    /** Hands out a block with one holder. */
    Storage take() {
      used = true;
      Storage block;
      if (freeCount > 0) {
        block = free[--freeCount];
      } else {
        block = engine.allocate(dtype, capacity);
        block.home = this;
        blocks.add(block);
        if (blocks.size() > free.length) {
          free = Arrays.copyOf(free, 2 * free.length);
        }
      }
      block.retain();
      return block;
    }

    void giveBack(Storage block) {
      free[freeCount++] = block;
    }

    private void reclaim() {
      if (!used) {
        return;
      }
      used = false;
      int count = blocks.size();
      for (int i = 0; i < count; i++) {
        Storage block = blocks.get(i);
        block.reclaim();
        free[count - 1 - i] = block;
      }
      freeCount = count;
    }

    private void free() {
      reclaim();
      blocks.forEach(Storage::free);
      blocks.clear();
      freeCount = 0;
    }
  }
}
