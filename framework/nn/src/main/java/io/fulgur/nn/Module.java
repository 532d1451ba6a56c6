package io.fulgur.nn;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.Buffer;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Parameter;
import io.fulgur.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A part of a network: a layer, a group of layers, or the whole.
 *
 * <p>What a module is made of is found from its fields, with no call to register anything: every
 * field of any visibility, of this class and its superclasses, that holds a {@link Module}, a
 * {@link Parameter} or a {@link Buffer}, or an array, {@link List} or {@link Map} of them, to any
 * depth. Static and {@code transient} fields are left out, so {@code transient} marks a module that
 * is only referred to. The order is that of declaration, superclasses first; maps without an order
 * of their own go by their keys.
 *
 * <p>Names are those of PyTorch: the path of fields, indices and keys, e.g. {@code net.0.weight}. A
 * parameter reachable by two paths, as tied weights are, counts once, under the first.
 *
 * @since 0.1
 */
public abstract class Module {
  private boolean training = true;
  private @Nullable ModuleHooks hooks;

  /** Makes a module in training mode. */
  protected Module() {}

  // ---------------------------------------------------------------- computing

  /**
   * Computes this module's output for one input: what {@link #forward} returns, between the hooks
   * of this module. As {@code module(input)} in PyTorch; a module uses its parts by {@code call},
   * and overrides {@code forward}.
   */
  public final Tensor call(Tensor input) {
    ModuleHooks around = hooks;
    return around == null
        ? forward(input)
        : around.run(in -> new Tensor[] {forward(only(in))}, input)[0];
  }

  /**
   * Runs a forward pass between the hooks of this module, for the methods of a module that has
   * others than {@code forward(Tensor)}: one such method calls this with the function that
   * computes, and a call of it from another is not hooked again.
   *
   * @param forward makes the outputs of the inputs
   * @param inputs null for an optional one that is not there
   * @return the outputs, as many as {@code forward} returns
   */
  protected final Tensor[] call(
      Function<@Nullable Tensor[], Tensor[]> forward, @Nullable Tensor... inputs) {
    ModuleHooks around = hooks;
    return around == null ? forward.apply(inputs) : around.run(forward, inputs);
  }

  private Tensor only(@Nullable Tensor[] inputs) {
    Tensor input = inputs.length == 1 ? inputs[0] : null;
    if (input == null) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          "A forward pre-hook of %s returned %d inputs, or null; it must return the one input."
              .formatted(this, inputs.length));
    }
    return input;
  }

  /**
   * Computes this module's output for one input, without hooks; what a subclass overrides. Users of
   * a module call {@link #call(Tensor)}.
   *
   * @throws FulgurException if the module does not override this method, because it has another
   *     signature
   */
  public Tensor forward(Tensor input) {
    throw new FulgurException(
        ErrorId.MISSING_FORWARD,
        simpleName()
            + " has no forward(Tensor). Override it, or call the method that the class offers in"
            + " its place.");
  }

  // ---------------------------------------------------------------- hooks

  /**
   * Has a hook called before each forward pass of this module, as {@code
   * torch.nn.Module.register_forward_pre_hook}. Hooks run in the order of their registration, each
   * with what the one before it returned, at every {@link #call(Tensor)}; not where {@link
   * #forward} is called directly.
   */
  public final HookHandle registerForwardPreHook(ForwardPreHook hook) {
    return register(hook, hooks().before());
  }

  /**
   * Has a hook called after each forward pass of this module, as {@code
   * torch.nn.Module.register_forward_hook}; order and moment as of {@link #registerForwardPreHook}.
   */
  public final HookHandle registerForwardHook(ForwardHook hook) {
    return register(hook, hooks().after());
  }

  /**
   * Has a hook called in each backward pass when the gradients of this module's inputs are known,
   * as {@code torch.nn.Module.register_full_backward_hook}. Where no input requires a gradient, it
   * is called when the outputs' gradients are known, before those of the parameters are.
   */
  public final HookHandle registerFullBackwardHook(BackwardHook hook) {
    return register(hook, hooks().backward());
  }

  private ModuleHooks hooks() {
    ModuleHooks present = hooks;
    if (present == null) {
      present = new ModuleHooks(this);
      hooks = present;
    }
    return present;
  }

  private <T> HookHandle register(T hook, ModuleHooks.HookList<T> list) {
    list.add(hook);
    return new HookHandle(
        () -> {
          list.remove(hook);
          if (hooks().isEmpty()) {
            hooks = null;
          }
        });
  }

  // ---------------------------------------------------------------- what it is made of

  /** Returns all parameters of this module and those below, each once. */
  public final List<Parameter> parameters() {
    return List.copyOf(ModuleTree.of(this).parameters().values());
  }

  /**
   * Returns the parameters of this module and those below that are trained, each once: those that
   * are not {@linkplain #freeze() frozen}.
   */
  public final List<Parameter> trainableParameters() {
    return parameters().stream().filter(Tensor::requiresGrad).toList();
  }

  /** Returns all parameters of this module and those below by name, each once. */
  public final Map<String, Parameter> namedParameters() {
    return Collections.unmodifiableMap(ModuleTree.of(this).parameters());
  }

  /** Returns all buffers of this module and those below by name, each once. */
  public final Map<String, Buffer> namedBuffers() {
    return Collections.unmodifiableMap(ModuleTree.of(this).buffers());
  }

  /** Returns this module, by the empty name, and all modules below by name, each once. */
  public final Map<String, Module> namedModules() {
    return Collections.unmodifiableMap(ModuleTree.of(this).modules());
  }

  /** Returns the modules directly below this one by name, each once. */
  public final Map<String, Module> namedChildren() {
    Map<String, Module> children = new LinkedHashMap<>();
    for (Member member : Member.of(this)) {
      if (member.value() instanceof Module child && !children.containsValue(child)) {
        children.put(member.name(), child);
      }
    }
    return Collections.unmodifiableMap(children);
  }

  /**
   * Returns what else of a class the fields of this module and of those below hold, each once, by
   * names as those of parameters, e.g. {@code encoder.accuracy} or {@code metrics.0}.
   *
   * @param type the class, neither of parts of a module nor of numbers or texts
   * @throws FulgurException if a collection other than a list holds some, where they have no names
   */
  public final <T> Map<String, T> namedMembers(Class<T> type) {
    Map<String, T> members = new LinkedHashMap<>();
    Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    ModuleTree.of(this)
        .modules()
        .forEach(
            (path, module) -> {
              for (Member member : Member.of(module, type)) {
                if (seen.add(member.value())) {
                  String prefix = path.isEmpty() ? "" : path + ".";
                  members.put(prefix + member.name(), type.cast(member.value()));
                }
              }
            });
    return Collections.unmodifiableMap(members);
  }

  /** Returns how many numbers the parameters of this module and those below hold. */
  public final long parameterCount() {
    return parameters().stream().mapToLong(Tensor::elements).sum();
  }

  /** Returns how many of those numbers are trained. */
  public final long trainableParameterCount() {
    return parameters().stream().filter(Tensor::requiresGrad).mapToLong(Tensor::elements).sum();
  }

  /**
   * Returns the further names of parameters and buffers that are reachable by several paths, as
   * tied weights are, each with the first, which {@link #stateDict()} has.
   */
  public final Map<String, String> aliases() {
    return Collections.unmodifiableMap(Aliases.of(this));
  }

  /**
   * Calls a function with all modules below this one and then with this one, each once, parts
   * before what they are parts of; as {@code torch.nn.Module.apply}, e.g. to initialise weights.
   */
  public final void apply(Consumer<? super Module> function) {
    List<Module> modules = new ArrayList<>();
    collectPartsFirst(this, Collections.newSetFromMap(new IdentityHashMap<>()), modules);
    modules.forEach(function);
  }

  private static void collectPartsFirst(Module module, Set<Module> seen, List<Module> modules) {
    if (seen.add(module)) {
      for (Module child : module.namedChildren().values()) {
        collectPartsFirst(child, seen, modules);
      }
      modules.add(module);
    }
  }

  // ---------------------------------------------------------------- modes

  /** Puts this module and all below into training mode, in which e.g. {@link Dropout} acts. */
  public final void train() {
    train(true);
  }

  /** Puts this module and all below into evaluation mode. */
  public final void eval() {
    train(false);
  }

  /** Puts this module and all below into training or evaluation mode. */
  public final void train(boolean mode) {
    for (Module module : ModuleTree.of(this).modules().values()) {
      module.training = mode;
    }
  }

  /** Returns whether this module is in training mode, as it is from the start. */
  public final boolean isTraining() {
    return training;
  }

  /** Sets the mode of this module alone. */
  final void trainingAlone(boolean mode) {
    training = mode;
  }

  /**
   * Stops training all parameters of this module and those below: no gradient is computed for them,
   * one already there is dropped, and no optimizer changes them.
   */
  public final void freeze() {
    for (Parameter parameter : parameters()) {
      parameter.requiresGrad(false);
      parameter.zeroGrad();
    }
  }

  /** Trains all parameters of this module and those below again. */
  public final void unfreeze() {
    for (Parameter parameter : parameters()) {
      parameter.requiresGrad(true);
    }
  }

  /**
   * As {@link #freeze()}, for the parameters whose names match a pattern.
   *
   * @param pattern e.g. {@code encoder.*} or {@code *.bias}: {@code *} stands for any characters,
   *     {@code ?} for one, and the name of a module for all that is in it
   * @throws FulgurException if nothing matches
   */
  public final void freeze(String pattern) {
    for (Parameter parameter : NamePattern.select(simpleName(), pattern, namedParameters())) {
      parameter.requiresGrad(false);
      parameter.zeroGrad();
    }
  }

  /**
   * As {@link #unfreeze()}, for the parameters whose names match a pattern.
   *
   * @param pattern as of {@link #freeze(String)}
   * @throws FulgurException if nothing matches
   */
  public final void unfreeze(String pattern) {
    for (Parameter parameter : NamePattern.select(simpleName(), pattern, namedParameters())) {
      parameter.requiresGrad(true);
    }
  }

  /** Forgets the gradients of all parameters of this module and those below. */
  public final void zeroGrad() {
    parameters().forEach(Tensor::zeroGrad);
  }

  /**
   * Converts all parameters and buffers of a floating-point type, in place; those of other types
   * stay. Call it before an optimizer is made for the parameters.
   *
   * @throws FulgurException if {@code dtype} is not a floating-point type
   */
  public final void to(DType dtype) {
    if (!dtype.isFloating()) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          simpleName()
              + ".to("
              + dtype
              + "): parameters are of a floating-point type; allowed are F32, F64, BF16 and F16.");
    }
    ModuleTree tree = ModuleTree.of(this);
    for (Parameter parameter : tree.parameters().values()) {
      parameter.convert(dtype);
    }
    for (Buffer buffer : tree.buffers().values()) {
      if (buffer.dtype().isFloating()) {
        buffer.convert(dtype);
      }
    }
  }

  // ---------------------------------------------------------------- state

  /**
   * Returns all parameters and persistent buffers by name: everything that a checkpoint has to hold
   * of a module.
   *
   * <p>The tensors share their memory with the module; {@link Tensor#keep()} copies one.
   */
  public final Map<String, Tensor> stateDict() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    ModuleTree.of(this).state().forEach((name, tensor) -> state.put(name, tensor.detach()));
    return Collections.unmodifiableMap(state);
  }

  /**
   * Copies values into all parameters and buffers.
   *
   * @throws FulgurException if an entry is missing, unexpected, or of another shape or type; the
   *     message lists all of them, and nothing is loaded
   */
  public final void loadStateDict(Map<String, ? extends Tensor> state) {
    loadStateDict(state, /* strict= */ true);
  }

  /**
   * Copies values into parameters and buffers.
   *
   * @param strict whether missing and unexpected entries are errors rather than left alone
   * @return what was missing and unexpected; both empty if {@code strict}
   * @throws FulgurException if an entry is of another shape or type or, if {@code strict}, missing
   *     or unexpected; the message lists all of them, and nothing is loaded
   */
  public final LoadReport loadStateDict(Map<String, ? extends Tensor> state, boolean strict) {
    return StateDictLoader.load(simpleName(), ModuleTree.of(this).state(), state, strict);
  }

  /** Returns the class's name; layers add their sizes. */
  @Override
  public String toString() {
    return simpleName();
  }

  /** Returns the class's name without its package, also of classes that have no simple name. */
  final String simpleName() {
    String name = getClass().getName();
    return name.substring(name.lastIndexOf('.') + 1).replace('$', '.');
  }
}
