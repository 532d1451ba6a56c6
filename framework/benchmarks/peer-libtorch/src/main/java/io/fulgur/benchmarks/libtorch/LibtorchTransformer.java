package io.fulgur.benchmarks.libtorch;

import static io.fulgur.benchmarks.contestant.LanguageModel.FEED_FORWARD;
import static io.fulgur.benchmarks.contestant.LanguageModel.HEADS;
import static io.fulgur.benchmarks.contestant.LanguageModel.LAYERS;
import static io.fulgur.benchmarks.contestant.LanguageModel.TOKENS;
import static io.fulgur.benchmarks.contestant.LanguageModel.VOCABULARY;
import static io.fulgur.benchmarks.contestant.LanguageModel.WIDTH;

import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.EmbeddingImpl;
import org.bytedeco.pytorch.LayerNormImpl;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.LongVector;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * A causal language model. Its blocks are built of linear layers around the fused attention
 * operator, as {@code TransformerEncoderLayer} of the C++ library multiplies and masks by single
 * operators, which takes longer.
 */
final class LibtorchTransformer extends LibtorchNetwork {
  private final EmbeddingImpl tokens = add(new EmbeddingImpl(VOCABULARY, WIDTH));
  private final Tensor positions = addParameter(torch.randn(TOKENS, WIDTH));
  private final Block[] blocks = new Block[LAYERS];
  private final LayerNormImpl norm;
  private final LinearImpl head;

  LibtorchTransformer() {
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = new Block();
    }
    norm = layerNorm();
    head = add(new LinearImpl(WIDTH, VOCABULARY));
  }

  private LayerNormImpl layerNorm() {
    return add(new LayerNormImpl(new LongVector(new long[] {WIDTH})));
  }

  @Override
  Tensor forward(Tensor batch) {
    Tensor x = tokens.forward(batch).add(positions);
    for (Block block : blocks) {
      x = block.forward(x);
    }
    return head.forward(norm.forward(x)).view(-1, VOCABULARY);
  }

  private final class Block {
    private final LayerNormImpl attentionNorm = layerNorm();
    private final LinearImpl queriesKeysValues = add(new LinearImpl(WIDTH, 3 * WIDTH));
    private final LinearImpl projection = add(new LinearImpl(WIDTH, WIDTH));
    private final LayerNormImpl feedForwardNorm = layerNorm();
    private final LinearImpl up = add(new LinearImpl(WIDTH, FEED_FORWARD));
    private final LinearImpl down = add(new LinearImpl(FEED_FORWARD, WIDTH));

    Tensor forward(Tensor x) {
      Tensor attended = x.add(attention(attentionNorm.forward(x)));
      Tensor hidden = torch.relu(up.forward(feedForwardNorm.forward(attended)));
      return attended.add(down.forward(hidden));
    }

    private Tensor attention(Tensor x) {
      // [3, batch, heads, tokens, width of a head]
      Tensor all =
          queriesKeysValues
              .forward(x)
              .view(-1, TOKENS, 3, HEADS, WIDTH / HEADS)
              .permute(2, 0, 3, 1, 4);
      Tensor mixed =
          torch.scaled_dot_product_attention(
              all.select(0, 0),
              all.select(0, 1),
              all.select(0, 2),
              new TensorOptional(),
              /* dropout_p= */ 0,
              /* is_causal= */ true,
              new DoubleOptional(),
              /* enable_gqa= */ false);
      return projection.forward(mixed.transpose(1, 2).reshape(-1, TOKENS, WIDTH));
    }
  }
}
