package io.fulgur.benchmarks.libtorch;

import io.fulgur.benchmarks.contestant.ImageClassifier;
import org.bytedeco.pytorch.LSTMImpl;
import org.bytedeco.pytorch.LSTMOptions;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Tensor;

/** One LSTM layer over the rows of an image, and a linear layer on its last output. */
final class LibtorchLstm extends LibtorchNetwork {
  private final LSTMImpl lstm;
  private final LinearImpl head;

  LibtorchLstm() {
    LSTMOptions options = new LSTMOptions(ImageClassifier.ROWS.side(), ImageClassifier.LSTM_UNITS);
    options.batch_first().put(true);
    lstm = add(new LSTMImpl(options));
    head = add(new LinearImpl(ImageClassifier.LSTM_UNITS, ImageClassifier.ROWS.classes()));
  }

  @Override
  Tensor forward(Tensor images) {
    return head.forward(lstm.forward(images.select(1, 0)).get0().select(1, -1));
  }
}
