package io.fulgur.tensor;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.lang.ref.Cleaner;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a thread needs to run operators: its open scope, its prepared kernels and memory, and
 * whether gradients are recorded. Runs every operator call.
 */
final class ExecutionContext {
  private static final ThreadLocal<ExecutionContext> CURRENT =
      ThreadLocal.withInitial(ExecutionContext::new);
  private static final Cleaner CLEANER = Cleaner.create();
  static final double[] NO_SCALARS = {};

  final CallCache cache = new CallCache();
  final Temporaries temporaries = new Temporaries();
  private final List<MemoryPool> pools = new ArrayList<>();
  @Nullable StepScope scope;
  boolean gradEnabled = true;

  /** Whether recording gradients may not be switched on. */
  boolean inference;

  /** The 16-bit type of the {@link Autocast} region that is open, if one is. */
  @Nullable DType autocast;

  /** Whether a backward pass runs, which may read tensors that the user has released. */
  boolean inBackward;

  /** Who is told of calls, if anybody. */
  @Nullable OperatorObserver observer;

  /** Who looks for numbers that go wrong, if anybody. */
  @Nullable AnomalyDetection anomalies;

  /** Who compares the results of kernels, if anybody. */
  @Nullable ReproducibilityCheck reproducibility;

  /** Whether a part of a forward pass runs for the second time. */
  boolean recomputing;

  /** How many scopes are open, counting those that {@link #copyInto} and others step out of. */
  int openScopes;

  private long sequence;

  private ExecutionContext() {
    CLEANER.register(this, new Leftovers(cache, pools));
  }

  /** What a thread leaves behind that ended without {@link StepScope#clearThread()}. */
  private record Leftovers(CallCache cache, List<MemoryPool> pools) implements Runnable {
    @Override
    public void run() {
      cache.clear();
      pools.forEach(MemoryPool::free);
    }
  }

  /** Numbers recorded calls in order of creation. */
  long nextSequence() {
    return ++sequence;
  }

  static ExecutionContext current() {
    return CURRENT.get();
  }

  MemoryPool pool(int depth) {
    while (pools.size() <= depth) {
      pools.add(new MemoryPool(Engine.defaultEngine()));
    }
    return pools.get(depth);
  }

  long pooledBytes() {
    return pools.stream().mapToLong(MemoryPool::sizeBytes).sum();
  }

  void clear() {
    cache.clear();
    pools.forEach(MemoryPool::free);
  }

  /** Returns memory for a new tensor: of the open scope, or long-lived outside of one. */
  Storage allocate(DType dtype, long elements) {
    StepScope open = scope;
    return open == null
        ? Engine.defaultEngine().allocate(dtype, elements)
        : open.pool.sizeClass(dtype, elements).take();
  }

  /** Returns a copy in the memory of a scope further out, or long-lived if that is null. */
  Tensor copyInto(@Nullable StepScope target, Tensor source) {
    StepScope inner = scope;
    scope = target;
    try {
      return Calls.elementwise(Operators.COPY, Operators.NONE, source);
    } finally {
      scope = inner;
    }
  }

  /** Runs an operator into new memory and returns its outputs, each with one holder. */
  View[] call(Operator operator, Object attributes, double[] scalars, View... inputs) {
    StepScope open = scope;
    if (open == null) {
      return callOnce(operator, attributes, scalars, inputs);
    }
    CallCache.PreparedCall previous = open.cursor;
    CallCache.PreparedCall next = cache.predict(previous, operator, attributes, inputs);
    if (next != null && next.homes != null && takeSame(next.homes, next.outputs)) {
      cache.hit(next);
    } else {
      next = unpredicted(open, previous, next, operator, attributes, scalars, inputs);
    }
    run(open, next, scalars);
    return next.outputs;
  }

  /** Runs an operator into given memory. */
  void callInto(
      Operator operator, Object attributes, double[] scalars, View[] inputs, View[] outputs) {
    for (View output : outputs) {
      output.storage().markWritten();
    }
    StepScope open = scope;
    if (open == null) {
      OpCall call = new OpCall(operator, attributes, inputs, outputs, scalars);
      try (Kernel kernel = prepare(call, /* intoGiven= */ true)) {
        run(call, kernel);
      } finally {
        engineOf(call).statistics().countClosed();
      }
      return;
    }
    CallCache.PreparedCall previous = open.cursor;
    CallCache.PreparedCall next = cache.predict(previous, operator, attributes, inputs);
    if (next != null && next.homes == null && next.call != null && next.call.writesTo(outputs)) {
      cache.hit(next);
    } else {
      OpCall call = new OpCall(operator, attributes, inputs, outputs, scalars);
      next = findOrPrepare(previous, call, null);
    }
    run(open, next, scalars);
  }

  private void run(StepScope open, CallCache.PreparedCall prepared, double[] scalars) {
    OpCall call = prepared.call;
    Kernel kernel = prepared.kernel;
    if (call == null || kernel == null) {
      throw new IllegalStateException("An entry of the call cache is not a call");
    }
    call.scalars(scalars);
    open.cursor = prepared;
    ReproducibilityCheck check = reproducibility;
    if (check == null || prepared.compared) {
      run(call, kernel);
    } else {
      prepared.compared = true;
      run(call, () -> check.runTwice(call, kernel));
    }
  }

  private void run(OpCall call, Kernel kernel) {
    OperatorObserver told = observer;
    if (told == null) {
      kernel.run();
    } else {
      observer = told.called(call) ? null : told;
      try {
        kernel.run();
      } finally {
        observer = told;
        told.returned(call);
      }
    }
    AnomalyDetection watching = anomalies;
    if (watching != null) {
      watching.computed(call);
    }
  }

  private CallCache.PreparedCall unpredicted(
      StepScope open,
      CallCache.PreparedCall previous,
      CallCache.@Nullable PreparedCall sameInputs,
      Operator operator,
      Object attributes,
      double[] scalars,
      View[] inputs) {
    View[] outputs;
    MemoryPool.SizeClass[] homes;
    if (sameInputs != null && sameInputs.homes != null) {
      // takeSame has taken blocks, but other ones than last time.
      homes = sameInputs.homes;
      outputs = taken;
    } else {
      Operator.Output[] specs = operator.outputs(attributes, inputs);
      homes = new MemoryPool.SizeClass[specs.length];
      outputs = new View[specs.length];
      for (int i = 0; i < specs.length; i++) {
        homes[i] = open.pool.sizeClass(specs[i].dtype(), specs[i].shape().elements());
        outputs[i] = homes[i].take().denseView(specs[i].shape(), specs[i].format());
      }
    }
    return findOrPrepare(
        previous, new OpCall(operator, attributes, inputs, outputs, scalars), homes);
  }

  private View[] taken = {};

  /** Takes blocks for the outputs and tells whether they are those of last time. */
  private boolean takeSame(MemoryPool.SizeClass[] homes, View[] outputs) {
    if (homes.length == 1) {
      Storage block = homes[0].take();
      if (block == outputs[0].storage()) {
        return true;
      }
      taken = new View[] {sameView(block, outputs[0])};
      return false;
    }
    boolean same = true;
    View[] views = new View[homes.length];
    for (int i = 0; i < homes.length; i++) {
      Storage block = homes[i].take();
      same &= block == outputs[i].storage();
      views[i] = block == outputs[i].storage() ? outputs[i] : sameView(block, outputs[i]);
    }
    taken = views;
    return same;
  }

  /** Returns a block looked at as last time's. */
  private static View sameView(Storage block, View last) {
    return block.denseView(last.shape(), last.memoryFormat());
  }

  private CallCache.PreparedCall findOrPrepare(
      CallCache.PreparedCall previous, OpCall call, MemoryPool.SizeClass @Nullable [] homes) {
    CallCache.PreparedCall found = cache.lookUp(previous, call);
    if (found != null) {
      return found;
    }
    View[] outputs = new View[call.outputs()];
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] = call.output(i);
    }
    CallCache.PreparedCall made =
        new CallCache.PreparedCall(call, prepare(call, homes == null), homes, outputs);
    cache.add(previous, made);
    return made;
  }

  private View[] callOnce(Operator operator, Object attributes, double[] scalars, View[] inputs) {
    Engine engine = inputs.length > 0 ? inputs[0].storage().engine() : Engine.defaultEngine();
    Operator.Output[] specs = operator.outputs(attributes, inputs);
    View[] outputs = new View[specs.length];
    for (int i = 0; i < specs.length; i++) {
      outputs[i] =
          engine
              .allocate(specs[i].dtype(), specs[i].shape().elements())
              .denseView(specs[i].shape(), specs[i].format());
    }
    OpCall call = new OpCall(operator, attributes, inputs, outputs, scalars);
    try (Kernel kernel = prepare(call, /* intoGiven= */ false)) {
      run(call, kernel);
    } finally {
      engine.statistics().countClosed();
    }
    return outputs;
  }

  /**
   * Finds who computes a call: a provider of the engine; else, of 16-bit numbers, the same operator
   * in single precision; else the operator's composition.
   */
  private static Kernel prepare(OpCall call, boolean intoGiven) {
    Engine engine = engineOf(call);
    engine.statistics().countPrepared();
    if (isEmpty(call)) {
      return () -> {};
    }
    Kernel kernel = engine.prepare(call);
    if (kernel != null) {
      return kernel;
    }
    if (call.hasSixteenBit()) {
      return new ComposedKernel(call, new Widening(intoGiven));
    }
    Composition composition = call.operator().composition();
    if (composition != null) {
      return new ComposedKernel(call, composition);
    }
    throw new FulgurException(
        ErrorId.NO_KERNEL,
        "No kernel provider takes "
            + call
            + ". Asked: "
            + engine.description()
            + ". Convert the operands to F32 or F64 with to(DType).\n   "
            + UserCode.location());
  }

  private static boolean isEmpty(OpCall call) {
    for (int i = 0; i < call.outputs(); i++) {
      if (call.output(i).elements() > 0) {
        return false;
      }
    }
    return true;
  }

  private static Engine engineOf(OpCall call) {
    return call.output(0).storage().engine();
  }
}
