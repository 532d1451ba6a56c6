package io.fulgur.nn;

import io.fulgur.tensor.Generator;
import io.fulgur.tensor.Recomputation;
import io.fulgur.tensor.Tensor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Activation (gradient) checkpointing of a part of a model: its forward pass keeps nothing but what
 * goes in and comes out, and runs once more in the backward pass, where memory for what is inside
 * is needed for this part alone. As {@code torch.utils.checkpoint}.
 *
 * <pre>{@code
 * new Sequential(embedding, Checkpointing.of(block1), Checkpointing.of(block2), head)
 * }</pre>
 *
 * <p>Gradients are bit for bit those without it: random numbers are drawn again from the same
 * place, buffers such as running statistics are what they were and are not updated twice, and
 * autocast is as it was. (PyTorch's checkpoint runs batch norm's update twice for each step.)
 * Inputs need no gradient for parameters to get theirs. Hooks inside are called in both runs. Names
 * of parameters, buffers and inner modules are those without it, so that checkpoints fit either
 * way.
 *
 * <p>What is saved pays only for parts that take much memory inside, such as a transformer's
 * blocks; the price is one more forward pass of the part. Inside of a {@link
 * io.fulgur.tensor.StepScope} no tensor made in the part lives on when it has run, but for its
 * outputs; one that a module keeps in a field is dead then.
 *
 * <p>T. Chen, B. Xu, C. Zhang, C. Guestrin, "Training Deep Nets with Sublinear Memory Cost", 2016.
 *
 * @since 0.1
 */
public final class Checkpointing extends Module {
  @Inlined private final Module module;
  private final Recomputation recomputation;

  private Checkpointing(Module module, Generator[] generators) {
    this.module = module;
    this.recomputation = new Recomputation(generators);
  }

  /**
   * Wraps a module.
   *
   * @param generators those that the module draws from beside {@link Generator#defaultGenerator()},
   *     which dropout uses
   */
  public static Checkpointing of(Module module, Generator... generators) {
    return new Checkpointing(module, generators);
  }

  /**
   * Returns whether this thread computes a part once more for its backward pass. A module that,
   * say, counts its calls leaves that out then.
   */
  public static boolean isRecomputing() {
    return Recomputation.isRunningAgain();
  }

  /** Returns the module that is wrapped. */
  public Module module() {
    return module;
  }

  @Override
  public Tensor forward(Tensor input) {
    return run(in -> new Tensor[] {module.call(present(in[0]))}, input)[0];
  }

  /**
   * Computes something else of the module than {@code forward(Tensor)}, as where it takes states or
   * masks.
   *
   * @param part what to compute of the inputs, and of nothing that changes before the backward pass
   * @param inputs null for one that is not there
   */
  public Tensor[] run(Function<@Nullable Tensor[], Tensor[]> part, @Nullable Tensor... inputs) {
    ModuleTree tree = ModuleTree.of(module);
    return recomputation.run(part, tree.parameters().values(), tree.buffers().values(), inputs);
  }

  private static Tensor present(@Nullable Tensor input) {
    if (input == null) {
      throw new IllegalStateException("The input is lost");
    }
    return input;
  }

  @Override
  public String toString() {
    return "Checkpointing(" + module + ")";
  }
}
