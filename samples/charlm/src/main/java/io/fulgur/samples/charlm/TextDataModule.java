package io.fulgur.samples.charlm;

import io.fulgur.data.DataLoader;
import io.fulgur.data.DataModule;
import io.fulgur.data.Dataset;
import java.util.Arrays;

/** A text in pieces of equal length; the last tenth of it is held out. */
public final class TextDataModule extends DataModule {
  private static final double TRAINED = 0.9;

  private final Vocabulary vocabulary;
  private final Dataset training;
  private final Dataset heldOut;
  private final int batchSize;

  /**
   * Cuts a text into pieces.
   *
   * @param length characters in a piece
   * @param batchSize pieces in a batch
   */
  public TextDataModule(String text, int length, int batchSize) {
    this.vocabulary = Vocabulary.of(text);
    this.batchSize = batchSize;
    long[] numbers = vocabulary.encode(text);
    int end = (int) (TRAINED * numbers.length);
    // A piece for training may begin anywhere; the pieces held out lie side by side.
    this.training = new TextWindows(Arrays.copyOfRange(numbers, 0, end), length, /* stride= */ 1);
    this.heldOut =
        new TextWindows(Arrays.copyOfRange(numbers, end, numbers.length), length, length);
  }

  /** Returns the characters of the whole text. */
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  @Override
  public DataLoader trainLoader() {
    return DataLoader.builder(training).batchSize(batchSize).shuffle(true).build();
  }

  @Override
  public DataLoader validationLoader() {
    return DataLoader.builder(heldOut).batchSize(batchSize).build();
  }

  @Override
  public DataLoader testLoader() {
    return validationLoader();
  }
}
