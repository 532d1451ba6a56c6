package io.fulgur.benchmarks.fulgur;

import static io.fulgur.benchmarks.contestant.LanguageModel.FEED_FORWARD;
import static io.fulgur.benchmarks.contestant.LanguageModel.HEADS;
import static io.fulgur.benchmarks.contestant.LanguageModel.LAYERS;
import static io.fulgur.benchmarks.contestant.LanguageModel.TOKENS;
import static io.fulgur.benchmarks.contestant.LanguageModel.VOCABULARY;
import static io.fulgur.benchmarks.contestant.LanguageModel.WIDTH;

import io.fulgur.nn.AttentionMask;
import io.fulgur.nn.Embedding;
import io.fulgur.nn.LayerNorm;
import io.fulgur.nn.Linear;
import io.fulgur.nn.Module;
import io.fulgur.nn.TransformerEncoder;
import io.fulgur.nn.TransformerEncoderLayer;
import io.fulgur.tensor.Tensor;

/** A causal language model of encoder layers. */
final class CausalTransformer extends Module {
  private final Embedding tokens = new Embedding(VOCABULARY, WIDTH);
  private final Embedding positions = new Embedding(TOKENS, WIDTH);
  private final TransformerEncoder encoder =
      new TransformerEncoder(
          LAYERS,
          TransformerEncoderLayer.builder(WIDTH, HEADS)
                  .feedForward(FEED_FORWARD)
                  .dropout(0)
                  .normFirst(true)
              ::build,
          new LayerNorm(WIDTH));
  private final Linear head = new Linear(WIDTH, VOCABULARY);

  @Override
  public Tensor forward(Tensor batch) {
    Tensor x = tokens.call(batch).add(positions.weight());
    return head.call(encoder.call(x, AttentionMask.ofFuture())).reshape(-1, VOCABULARY);
  }
}
