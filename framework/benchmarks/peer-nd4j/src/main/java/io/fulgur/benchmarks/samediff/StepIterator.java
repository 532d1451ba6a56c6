package io.fulgur.benchmarks.samediff;

import io.fulgur.benchmarks.contestant.ClassificationData;
import io.fulgur.benchmarks.contestant.Steps;
import java.util.NoSuchElementException;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.dataset.api.MultiDataSetPreProcessor;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/** Hands out the batch of each step, for as long as there are steps. */
@SuppressWarnings("serial") // The interface is serializable; this is not meant to be.
final class StepIterator implements MultiDataSetIterator {
  private static final int UNKNOWN = -2;

  private final transient Steps steps;
  private final transient MultiDataSet[] batches;
  private int step = UNKNOWN;
  private transient MultiDataSet last;

  StepIterator(Steps steps, MultiDataSet[] batches) {
    this.steps = steps;
    this.batches = batches;
    this.last = batches[0];
  }

  /** The batch handed out last. */
  MultiDataSet last() {
    return last;
  }

  @Override
  public boolean hasNext() {
    if (step == UNKNOWN) {
      step = steps.next();
    }
    return step != Steps.END;
  }

  @Override
  public MultiDataSet next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    last = batches[ClassificationData.labelBatch(step)];
    step = UNKNOWN;
    return last;
  }

  @Override
  public MultiDataSet next(int batchSize) {
    return next();
  }

  @Override
  public void setPreProcessor(MultiDataSetPreProcessor preProcessor) {
    throw new UnsupportedOperationException();
  }

  @Override
  @SuppressWarnings("NullAway") // Null is how this interface says that there is none.
  public MultiDataSetPreProcessor getPreProcessor() {
    return null;
  }

  @Override
  public boolean resetSupported() {
    return false;
  }

  /** Steps are handed out on the thread that trains. */
  @Override
  public boolean asyncSupported() {
    return false;
  }

  @Override
  public void reset() {
    throw new UnsupportedOperationException();
  }
}
