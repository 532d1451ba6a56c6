package io.fulgur.onednn;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.KernelProvider;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Sees every call that is prepared, before the provider under test, and takes none. */
public final class CallRecorder implements KernelProvider {
  private static final List<OpCall> CALLS = new ArrayList<>();

  /** Forgets the calls so far. */
  static void start() {
    CALLS.clear();
  }

  /** Returns the calls of an operator with outputs of a type. */
  static Stream<OpCall> calls(Operator operator, DType dtype) {
    return CALLS.stream()
        .filter(call -> call.operator() == operator && call.output(0).dtype() == dtype);
  }

  @Override
  public String name() {
    return "recorder";
  }

  @Override
  public int priority() {
    return PLUGIN + 1;
  }

  @Override
  public Kernel prepare(OpCall call) {
    CALLS.add(call);
    return null;
  }
}
