package io.fulgur.benchmarks.fulgur;

import io.fulgur.data.ArrayDataset;
import io.fulgur.data.DataLoader;
import io.fulgur.data.DataLoaderBuilder;
import io.fulgur.data.Dataset;
import io.fulgur.data.HostArray;
import io.fulgur.data.HostBatch;
import io.fulgur.data.image.ImageTransforms;
import io.fulgur.tensor.Generator;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Samples a second that a loader makes, by the number of its workers.
 *
 * <p>{@code IMAGES} are 48 x 48 in colour, turned, cut, flipped and coloured at random, some tenths
 * of a millisecond each: what workers are for. {@code ROWS} are thirty numbers copied from an
 * array: what they are not for.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 6, time = 1)
@Fork(1)
public class DataLoaderBenchmark {
  private static final int SAMPLES = 512;
  static final int BATCH = 32;
  private static final int SIDE = 48;

  /** What is loaded. */
  public enum Kind {
    IMAGES,
    ROWS;

    Dataset dataset() {
      if (this == ROWS) {
        return ArrayDataset.of("x", HostArray.of(new float[SAMPLES * 30], SAMPLES, 30));
      }
      byte[] pixels = new byte[SAMPLES * 3 * SIDE * SIDE];
      Generator random = new Generator(1);
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = (byte) random.nextLong();
      }
      return ArrayDataset.of("x", HostArray.of(pixels, SAMPLES, 3, SIDE, SIDE))
          .augment(
              ImageTransforms.of("x")
                  .randomRotation(20)
                  .randomResizedCrop(SIDE, SIDE)
                  .randomHorizontalFlip(0.5)
                  .colorJitter(0.4, 0.4, 0.4, 0.1)
                  .toFloat());
    }
  }

  @Param private Kind kind = Kind.IMAGES;

  @Param({"0", "1", "2"})
  private int workers;

  @Param({"false", "true"})
  private boolean persistent;

  private DataLoader loader = DataLoader.builder(Kind.ROWS.dataset()).build();

  /** Makes the loader. */
  @Setup
  public void make() {
    DataLoaderBuilder options =
        DataLoader.builder(kind.dataset()).batchSize(BATCH).shuffle(true).seed(1);
    loader =
        workers == 0
            ? options.build()
            : options.workers(workers).persistentWorkers(persistent).build();
  }

  /** Ends the threads that persist. */
  @TearDown
  public void close() {
    loader.close();
  }

  /** Reads an epoch. */
  @Benchmark
  @OperationsPerInvocation(SAMPLES)
  public double epoch() {
    double sum = 0;
    for (HostBatch batch : loader) {
      sum += batch.get("x").get(0);
      batch.recycle();
    }
    return sum;
  }
}
