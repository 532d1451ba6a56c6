package io.fulgur.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SamplerTest {
  private static final EpochContext FIRST = new EpochContext(1, 0);

  private static List<Long> draw(Sampler sampler, EpochContext epoch) {
    List<Long> drawn = new ArrayList<>();
    sampler.indices(epoch).forEachRemaining((long index) -> drawn.add(index));
    return drawn;
  }

  @Test
  void random_allPermutationsOfThree_equallyLikely() {
    Sampler sampler = Sampler.random(3);

    var counts =
        LongStream.range(0, 6000)
            .mapToObj(epoch -> draw(sampler, new EpochContext(1, epoch)))
            .collect(Collectors.groupingBy(order -> order, Collectors.counting()));

    assertThat(counts).hasSize(6);
    assertThat(counts.values()).allSatisfy(count -> assertThat(count).isBetween(850L, 1150L));
  }

  @Test
  void random_sameEpoch_sameOrder() {
    assertThat(draw(Sampler.random(100), FIRST))
        .isEqualTo(draw(Sampler.random(100), FIRST))
        .isNotEqualTo(draw(Sampler.random(100), new EpochContext(1, 1)))
        .isNotEqualTo(draw(Sampler.random(100), new EpochContext(2, 0)));
  }

  @Test
  void weighted_manyDraws_asOftenAsTheWeights() {
    List<Long> drawn = draw(Sampler.weighted(new double[] {0, 3, 0, 1, 0}, 4000), FIRST);

    assertThat(drawn).hasSize(4000).containsOnly(1L, 3L);
    assertThat(drawn.stream().filter(index -> index == 1).count() / 4000.0)
        .isCloseTo(.75, within(.03));
    assertThat(draw(Sampler.weighted(new double[] {0, 3, 0, 1, 0}, 4000), FIRST)).isEqualTo(drawn);
  }

  @Test
  void pick_atTheBounds_neverAnIndexOfWeightZero() {
    WeightedSampler sampler = WeightedSampler.of(new double[] {0, 3, 0, 1, 0}, 1);

    assertThat(sampler.pick(0)).isEqualTo(1);
    assertThat(sampler.pick(Math.nextDown(.75))).isEqualTo(1);
    assertThat(sampler.pick(.75)).isEqualTo(3);
    assertThat(sampler.pick(1)).isEqualTo(3);
  }

  @Test
  void batchSampler_oddSize_lastBatchIsSmaller() {
    Iterator<long[]> batches =
        BatchSampler.of(Sampler.sequential(3), 2, /* dropLast= */ false).batches(FIRST);

    assertThat(batches.next()).containsExactly(0, 1);
    assertThat(batches.next()).containsExactly(2);
    assertThat(batches.hasNext()).isFalse();
  }

  @Test
  void distributed_allRanks_shareTheOrderAndAreEquallyLong() {
    Sampler all = Sampler.random(10);
    List<Long> order = draw(all, FIRST);

    // What torch.utils.data.DistributedSampler gives for 10 indices and 4 replicas.
    assertThat(draw(Sampler.distributed(all, 4, 0), FIRST))
        .containsExactly(order.get(0), order.get(4), order.get(8));
    assertThat(draw(Sampler.distributed(all, 4, 1), FIRST))
        .containsExactly(order.get(1), order.get(5), order.get(9));
    assertThat(draw(Sampler.distributed(all, 4, 2), FIRST))
        .containsExactly(order.get(2), order.get(6), order.get(0));
    assertThat(draw(Sampler.distributed(all, 4, 3), FIRST))
        .containsExactly(order.get(3), order.get(7), order.get(1));
    assertThat(Sampler.distributed(all, 4, 3).size()).isEqualTo(3);
  }

  @Test
  void distributed_dropLast_noIndexTwice() {
    List<Long> drawn = new ArrayList<>();
    for (int rank = 0; rank < 4; rank++) {
      Sampler part = Sampler.distributed(Sampler.sequential(10), 4, rank, /* dropLast= */ true);
      assertThat(part.size()).isEqualTo(2);
      drawn.addAll(draw(part, FIRST));
    }

    assertThat(drawn).containsExactlyInAnyOrder(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L);
  }

  @Test
  void distributed_fewerIndicesThanReplicas_readAgainUntilAllHaveOne() {
    for (int rank = 0; rank < 5; rank++) {
      assertThat(draw(Sampler.distributed(Sampler.sequential(2), 5, rank), FIRST))
          .containsExactly(rank % 2L);
    }
  }
}
