package io.fulgur.tensor;

import java.util.ArrayList;
import java.util.Arrays;
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
  private final Engine engine;
  private final Map<DType, List<SizeClass>> classes = new EnumMap<>(DType.class);

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

  /** Takes all blocks back from whoever holds them. */
  void reclaim() {
    for (List<SizeClass> ofType : classes.values()) {
      for (SizeClass sizeClass : ofType) {
        sizeClass.reclaim();
      }
    }
  }

  /** Frees all blocks. */
  void free() {
    for (List<SizeClass> ofType : classes.values()) {
      ofType.forEach(SizeClass::free);
      ofType.clear();
    }
  }

  /** Returns the bytes of all blocks. */
  long sizeBytes() {
    return classes.values().stream()
        .flatMap(List::stream)
        .mapToLong(c -> c.blocks.size() * c.capacity * c.dtype.sizeBytes())
        .sum();
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

    private SizeClass(DType dtype, long capacity) {
      this.dtype = dtype;
      this.capacity = capacity;
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
