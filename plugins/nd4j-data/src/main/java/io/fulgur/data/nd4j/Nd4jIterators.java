package io.fulgur.data.nd4j;

import io.fulgur.data.IterableDataset;
import io.fulgur.data.Sample;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/**
 * Data sets over the iterators of ND4J, with which programs for DL4J are fed.
 *
 * <pre>{@code
 * IterableDataset samples = Nd4jIterators.of(new MnistDataSetIterator(64, true, 1));
 * DataLoader loader = DataLoader.builder(samples).batchSize(64).build();
 * }</pre>
 *
 * <p>The iterator's batches are taken apart and put together again by the loader, whose batch size
 * counts. Values of ND4J's type FLOAT become F32, DOUBLE F64, LONG I64, INT I32, UBYTE U8, BOOL
 * BOOL, and any other F32. Each epoch resets the iterator, so only one epoch can be read at a time,
 * and its order is the iterator's own affair: resuming in the middle gives the same samples only if
 * the iterator gives the same after each reset.
 *
 * <p>ND4J computes on the thread that reads. It is best used by one thread at a time, so read with
 * {@code workers(0)} while the training is on ND4J, or copy everything with {@link
 * io.fulgur.data.DataBundle} before.
 *
 * @since 0.1
 */
public final class Nd4jIterators {
  private Nd4jIterators() {}

  /**
   * Returns samples of {@code features} and {@code labels}, and of {@code featuresMask} and {@code
   * labelsMask} where there are masks.
   */
  public static IterableDataset of(DataSetIterator batches) {
    AtomicBoolean used = new AtomicBoolean();
    return epoch -> {
      reset(used, batches.resetSupported(), batches::reset);
      return new SampleIterator<>(batches, Nd4jIterators::arrays);
    };
  }

  /**
   * Returns samples of {@code features0}, {@code features1}, ..., {@code labels0}, ..., and of
   * {@code featuresMask0} and so on where there are masks.
   */
  public static IterableDataset of(MultiDataSetIterator batches) {
    AtomicBoolean used = new AtomicBoolean();
    return epoch -> {
      reset(used, batches.resetSupported(), batches::reset);
      return new SampleIterator<>(batches, Nd4jIterators::arrays);
    };
  }

  private static void reset(AtomicBoolean used, boolean supported, Runnable reset) {
    if (supported) {
      reset.run();
    } else if (used.getAndSet(true)) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          "The ND4J iterator does not support reset(), so it can be read for one epoch only. Train for one epoch, or copy the data with DataBundle.");
    }
  }

  private static Map<String, INDArray> arrays(DataSet batch) {
    Map<String, INDArray> arrays = new LinkedHashMap<>();
    put(arrays, "features", batch.getFeatures());
    put(arrays, "labels", batch.getLabels());
    put(arrays, "featuresMask", batch.getFeaturesMaskArray());
    put(arrays, "labelsMask", batch.getLabelsMaskArray());
    return arrays;
  }

  private static Map<String, INDArray> arrays(MultiDataSet batch) {
    Map<String, INDArray> arrays = new LinkedHashMap<>();
    putAll(arrays, "features", batch.getFeatures());
    putAll(arrays, "labels", batch.getLabels());
    putAll(arrays, "featuresMask", batch.getFeaturesMaskArrays());
    putAll(arrays, "labelsMask", batch.getLabelsMaskArrays());
    return arrays;
  }

  private static void putAll(
      Map<String, INDArray> arrays, String name, @Nullable INDArray @Nullable [] values) {
    for (int i = 0; values != null && i < values.length; i++) {
      put(arrays, name + i, values[i]);
    }
  }

  private static void put(Map<String, INDArray> arrays, String name, @Nullable INDArray value) {
    if (value != null) {
      arrays.put(name, value);
    }
  }

  /** Takes batches apart. */
  private static final class SampleIterator<T> implements Iterator<Sample> {
    private final Iterator<T> batches;
    private final Function<T, Map<String, INDArray>> arrays;
    private @Nullable Rows rows;

    SampleIterator(Iterator<T> batches, Function<T, Map<String, INDArray>> arrays) {
      this.batches = batches;
      this.arrays = arrays;
    }

    @Override
    public boolean hasNext() {
      while ((rows == null || !rows.hasNext()) && batches.hasNext()) {
        rows = Rows.of(arrays.apply(batches.next()));
      }
      return rows != null && rows.hasNext();
    }

    @Override
    public Sample next() {
      if (!hasNext() || rows == null) {
        throw new NoSuchElementException();
      }
      return rows.next();
    }
  }
}
