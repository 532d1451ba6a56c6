package io.fulgur.benchmarks.fulgur;

import io.fulgur.benchmarks.contestant.ImageClassifier;
import io.fulgur.nn.LSTM;
import io.fulgur.nn.Linear;
import io.fulgur.nn.Module;
import io.fulgur.tensor.Tensor;

/** One LSTM layer over the rows of an image, and a linear layer on its last output. */
final class RowsLstm extends Module {
  private final LSTM lstm = new LSTM(ImageClassifier.ROWS.side(), ImageClassifier.LSTM_UNITS);
  private final Linear head =
      new Linear(ImageClassifier.LSTM_UNITS, ImageClassifier.ROWS.classes());

  @Override
  public Tensor forward(Tensor images) {
    return head.call(lstm.call(images.select(1, 0)).select(1, -1));
  }
}
