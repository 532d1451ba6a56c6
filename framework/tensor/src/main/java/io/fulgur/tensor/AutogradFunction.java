package io.fulgur.tensor;

import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A differentiable function whose gradient you write yourself, as {@code torch.autograd.Function}:
 * because it is cheaper or more exact than that of the operators it is made of, or because you want
 * another one, as of a straight-through estimator.
 *
 * <pre>{@code
 * final class Clip extends AutogradFunction {
 *   protected Tensor[] forward(Context context, Tensor... inputs) {
 *     context.save(inputs[0]);
 *     return new Tensor[] {inputs[0].clamp(-1, 1)};
 *   }
 *
 *   protected Tensor[] backward(Context context, Tensor... grads) {
 *     return new Tensor[] {grads[0].mul(context.saved(0).abs().le(1).to(grads[0].dtype()))};
 *   }
 * }
 *
 * Tensor y = new Clip().apply(x);
 * }</pre>
 *
 * <p>Nothing in either method is recorded. An object may be applied any number of times and keeps
 * no state of a call; that is in the {@link Context}. {@link GradCheck} tells whether the two
 * methods agree. The gradient itself cannot be differentiated again.
 *
 * @since 0.1
 */
public abstract class AutogradFunction {
  /** Makes a function. */
  protected AutogradFunction() {}

  /**
   * Computes the outputs.
   *
   * @param context keeps what {@link #backward} reads
   * @return new tensors, or inputs; outputs that are not of a floating-point type have no gradient
   */
  protected abstract Tensor[] forward(Context context, Tensor... inputs);

  /**
   * Computes the gradients of the inputs.
   *
   * @param grads the outputs' gradients, zeros for an output that the result does not depend on
   * @return for each input a gradient of its shape and type, or null for none; the tensors are
   *     given to autograd, which gives their memory back
   */
  protected abstract @Nullable Tensor[] backward(Context context, Tensor... grads);

  /**
   * Applies a function of one output.
   *
   * @throws IllegalStateException if {@link #forward} returns another number of outputs
   */
  public final Tensor apply(Tensor... inputs) {
    Tensor[] outputs = applyAll(inputs);
    if (outputs.length != 1) {
      throw new IllegalStateException(
          name() + " has " + outputs.length + " outputs; call applyAll instead of apply.");
    }
    return outputs[0];
  }

  /** Applies the function. */
  public final Tensor[] applyAll(Tensor... inputs) {
    Tensor[] arguments = inputs.clone();
    Context context = new Context(arguments);
    Tensor[] outputs;
    try (Autograd.NoGrad ignored = Autograd.noGrad()) {
      outputs = forward(context, arguments.clone()).clone();
    }
    context.closed = true;
    if (!Calls.tracks(arguments)) {
      return outputs;
    }
    Tensor[] floating = new Tensor[outputs.length];
    int count = 0;
    for (int i = 0; i < outputs.length; i++) {
      if (outputs[i].dtype().isFloating()) {
        outputs[i] = context.unshared(outputs[i]);
        floating[count++] = outputs[i];
      }
    }
    record(context, Arrays.copyOf(floating, count));
    return outputs;
  }

  private void record(Context context, Tensor[] outputs) {
    Shape[] shapes = Arrays.stream(outputs).map(Tensor::shape).toArray(Shape[]::new);
    DType[] dtypes = Arrays.stream(outputs).map(Tensor::dtype).toArray(DType[]::new);
    Calls.recordAll(
        outputs,
        name(),
        (arrived, gradients) -> {
          Tensor[] grads = new Tensor[arrived.length];
          for (int i = 0; i < grads.length; i++) {
            Tensor grad = arrived[i];
            grads[i] = grad == null ? Factories.full(0, dtypes[i], shapes[i]) : grad;
          }
          give(context, backward(context, grads.clone()), grads, gradients);
        },
        context.saved);
  }

  private void give(
      Context context, @Nullable Tensor[] results, Tensor[] grads, Gradients gradients) {
    Tensor[] inputs = context.inputs;
    if (results.length != inputs.length) {
      throw Autograd.notDifferentiable(
          "The backward of %s returned %d gradients, but it has %d inputs; return one for each, or null"
              .formatted(name(), results.length, inputs.length));
    }
    Set<Tensor> notOurs = Collections.newSetFromMap(new IdentityHashMap<>());
    notOurs.addAll(Arrays.asList(grads));
    notOurs.addAll(Arrays.asList(context.saved));
    notOurs.addAll(Arrays.asList(inputs));
    for (int i = 0; i < inputs.length; i++) {
      Tensor result = results[i];
      if (result == null) {
        continue;
      }
      check(i, inputs[i], result);
      if (notOurs.add(result)) {
        gradients.give(inputs[i], result);
      } else {
        gradients.pass(inputs[i], result);
      }
    }
  }

  private void check(int index, Tensor input, Tensor result) {
    String operator = "The backward of " + name();
    if (result.dtype() != input.dtype()) {
      throw DTypeException.mixed(operator, input.dtype(), result.dtype());
    }
    if (!result.shape().equals(input.shape())) {
      throw ShapeException.mismatch(
          operator,
          "the gradient of input " + index + " must have that input's shape",
          input.shape(),
          result.shape());
    }
  }

  private String name() {
    String name = getClass().getName();
    return name.substring(name.lastIndexOf('.') + 1).replace('$', '.');
  }

  /** What one application keeps from its forward pass for its backward pass. */
  public static final class Context {
    private final Tensor[] inputs;
    private Tensor[] saved = {};
    private boolean closed;

    private Context(Tensor[] inputs) {
      this.inputs = inputs;
    }

    /**
     * Keeps tensors alive for the backward pass: inputs, outputs, or anything else. One that is
     * written to before then is an error rather than a wrong gradient.
     *
     * @throws IllegalStateException if called twice, or after the forward pass
     */
    public void save(Tensor... tensors) {
      if (closed || saved.length > 0) {
        throw new IllegalStateException("Call save once, in forward, with all tensors");
      }
      saved = tensors.clone();
    }

    /** Returns a saved tensor by its place in {@link #save}. */
    public Tensor saved(int index) {
      return saved[index];
    }

    /** Returns whether the gradient of an input is wanted at all; where it is not, return null. */
    public boolean needsGrad(int input) {
      return inputs[input].requiresGrad();
    }

    /** Returns an output as a tensor of its own, where it is one that others hold. */
    private Tensor unshared(Tensor output) {
      boolean shared = output.requiresGrad();
      for (Tensor input : inputs) {
        shared |= input == output;
      }
      return shared ? output.detach() : output;
    }
  }
}
