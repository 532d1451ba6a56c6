package io.fulgur.nn;

import static org.assertj.core.api.Assertions.assertThat;

import io.fulgur.nn.optimizer.Adam;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.testing.RestoresRandomState;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.StepScope;
import io.fulgur.tensor.Tensor;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Small networks that learn what only a network that remembers, or looks elsewhere, can. */
@ExtendWith(RestoresRandomState.class)
class SequenceLearningTest {
  private static final int BATCH = 32;

  @Test
  void lstm_ofBitsOfDifferentLengths_learnsTheirParity() {
    Generator.defaultGenerator().seed(4);
    Parity model = new Parity();
    Generator data = new Generator(9);
    double accuracy =
        train(
            model,
            300,
            5e-3,
            () -> {
              int time = 5;
              float[] bits = new float[BATCH * time];
              long[] lengths = new long[BATCH];
              long[] parity = new long[BATCH];
              for (int n = 0; n < BATCH; n++) {
                lengths[n] = 1 + data.nextLong(time);
                for (int t = 0; t < time; t++) {
                  // Beyond the end there are ones, too, which must not count.
                  long bit = data.nextLong(2);
                  bits[n * time + t] = bit;
                  parity[n] ^= t < lengths[n] ? bit : 0;
                }
              }
              return new Tensor[] {
                model.classify(Tensor.of(bits, BATCH, time, 1), Tensor.of(lengths, BATCH)),
                Tensor.of(parity, BATCH)
              };
            });
    assertThat(accuracy).isGreaterThan(0.97);
  }

  private static final class Parity extends Module {
    private final LSTM lstm = new LSTM(1, 16);
    private final Linear head = new Linear(16, 2);

    Tensor classify(Tensor bits, Tensor lengths) {
      return head.call(lstm.call(bits, null, lengths).state().hidden().select(0, 0));
    }
  }

  @Test
  void transformer_ofTokens_learnsToReverseThem() {
    Generator.defaultGenerator().seed(4);
    int time = 6;
    int tokens = 8;
    long labels = (long) BATCH * time;
    Reverser model = new Reverser(tokens, time);
    Generator data = new Generator(9);
    double accuracy =
        train(
            model,
            300,
            3e-3,
            () -> {
              long[] in = new long[BATCH * time];
              long[] out = new long[BATCH * time];
              for (int i = 0; i < in.length; i++) {
                in[i] = data.nextLong(tokens);
                out[i / time * time + time - 1 - i % time] = in[i];
              }
              return new Tensor[] {
                model.call(Tensor.of(in, BATCH, time)).reshape(labels, tokens),
                Tensor.of(out, labels)
              };
            });
    assertThat(accuracy).isGreaterThan(0.97);
  }

  private static final class Reverser extends Module {
    private final Embedding tokens;
    private final PositionalEncoding positions;
    private final TransformerEncoder encoder;
    private final Linear head;

    Reverser(int count, int time) {
      tokens = new Embedding(count, 32);
      positions = new PositionalEncoding(32, time);
      encoder =
          new TransformerEncoder(
              2, TransformerEncoderLayer.builder(32, 4).feedForward(64).dropout(0)::build);
      head = new Linear(32, count);
    }

    @Override
    public Tensor forward(Tensor input) {
      return head.call(encoder.call(positions.call(tokens.call(input))));
    }
  }

  /** Trains, and returns how many of the labels of new data are right. */
  private static double train(
      Module model, int steps, double learningRate, Supplier<Tensor[]> logitsAndLabels) {
    Optimizer optimizer = Adam.of(model.parameters()).learningRate(learningRate);
    for (int step = 0; step < steps; step++) {
      try (StepScope ignored = StepScope.open("learning")) {
        Tensor[] batch = logitsAndLabels.get();
        Losses.crossEntropy(batch[0], batch[1]).backward();
        optimizer.step();
        optimizer.zeroGrad();
      }
    }
    model.eval();
    Tensor[] batch = logitsAndLabels.get();
    return batch[0].argmax(-1).eq(batch[1]).to(batch[0].dtype()).mean().item();
  }
}
