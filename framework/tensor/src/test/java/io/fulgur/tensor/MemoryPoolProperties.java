package io.fulgur.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class MemoryPoolProperties {
  /**
   * A step is a list of numbers: 0 to 59 asks for so many elements, and anything else returns one
   * of the blocks taken so far.
   */
  @Property(tries = 200)
  void sameRequestsInEachStep_getTheSameBlocks(
      @ForAll @Size(max = 60) List<@IntRange(max = 99) Integer> requests) {
    MemoryPool pool = new MemoryPool(Engine.defaultEngine());
    List<Storage> first = step(pool, requests);
    long bytes = pool.sizeBytes();

    for (int i = 0; i < 3; i++) {
      assertThat(step(pool, requests)).containsExactlyElementsOf(first);
      assertThat(pool.sizeBytes()).isEqualTo(bytes);
    }
    pool.free();
  }

  @Property(tries = 100)
  void anotherStepInBetween_changesNothing(
      @ForAll @Size(max = 40) List<@IntRange(max = 99) Integer> requests,
      @ForAll @Size(max = 40) List<@IntRange(max = 99) Integer> others) {
    MemoryPool pool = new MemoryPool(Engine.defaultEngine());
    List<Storage> first = step(pool, requests);
    List<Storage> second = step(pool, others);

    assertThat(step(pool, requests)).containsExactlyElementsOf(first);
    assertThat(step(pool, others)).containsExactlyElementsOf(second);
    pool.free();
  }

  /** Two holders at once never share a block. */
  private static List<Storage> step(MemoryPool pool, List<Integer> requests) {
    List<Storage> taken = new ArrayList<>();
    List<Storage> held = new ArrayList<>();
    for (int request : requests) {
      if (request < 60) {
        Storage block = pool.sizeClass(DType.F32, request).take();
        assertThat(held).doesNotContain(block);
        assertThat(block.elements()).isGreaterThanOrEqualTo(request);
        taken.add(block);
        held.add(block);
      } else if (!held.isEmpty()) {
        held.remove(request % held.size()).release();
      }
    }
    pool.reclaim();
    return taken;
  }
}
