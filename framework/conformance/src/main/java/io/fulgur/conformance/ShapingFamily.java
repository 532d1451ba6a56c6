package io.fulgur.conformance;

import io.fulgur.error.FulgurException;
import io.fulgur.tensor.Tensor;
import java.util.function.UnaryOperator;

/** Views, and putting tensors together. */
final class ShapingFamily extends Family {
  ShapingFamily() {
    super("shaping");
    operator("reshape", in -> in.tensor(0).reshape(in.longs(0)));
    operator("flatten", in -> in.tensor(0).flatten(in.integer(0), in.integer(1)));
    operator("transpose", in -> in.tensor(0).transpose(in.integer(0), in.integer(1)));
    operator("permute", in -> in.tensor(0).permute(in.integers(0)));
    operator("squeeze", in -> in.tensor(0).squeeze(in.integer(0)));
    operator("unsqueeze", in -> in.tensor(0).unsqueeze(in.integer(0)));
    operator("expand", in -> in.tensor(0).expand(in.longs(0)));
    operator("expandPlusOne", in -> in.tensor(0).expand(in.longs(0)).add(1));
    operator("slice", ShapingFamily::slice);
    operator("sliceSquared", in -> slice(in).square());
    operator("select", in -> in.tensor(0).select(in.integer(0), in.integer(1)));
    operator("selectSquared", in -> in.tensor(0).select(in.integer(0), in.integer(1)).square());
    operator("concat", in -> Tensor.concat(in.integer(0), in.tensors(0)));
    operator("stack", in -> Tensor.stack(in.integer(0), in.tensors(0)));
    exempt(
        Requirement.REJECTION,
        "the plain one has it",
        "expandPlusOne",
        "sliceSquared",
        "selectSquared");
    wrong("reshape", x -> x.reshape(4), "[2, 3]", "[4]");
    wrong("flatten", x -> x.flatten(0, 2), "2", "[2, 3]");
    wrong("transpose", x -> x.transpose(0, 2), "2", "[2, 3]");
    wrong("permute", x -> x.permute(0, 0), "[2, 3]");
    wrong("squeeze", x -> x.squeeze(2), "2", "[2, 3]");
    wrong("unsqueeze", x -> x.unsqueeze(4), "[2, 3]", "4");
    wrong("expand", x -> x.expand(2, 4), "[2, 3]", "[2, 4]");
    wrong("slice", x -> x.slice(1, 0, 4, 1), "4", "[2, 3]");
    wrong("select", x -> x.select(0, 2), "2", "[2, 3]");
    wrong("concat", x -> Tensor.concat(0, x, Tensor.ones(2, 4)), "concat", "[2, 3]", "[2, 4]");
    wrong("stack", x -> Tensor.stack(0, x, Tensor.ones(2, 4)), "stack", "[2, 3]", "[2, 4]");
  }

  private static Tensor slice(Arguments in) {
    long[] args = in.longs(0);
    return in.tensor(0).slice((int) args[0], args[1], args[2], args[3]);
  }

  private void wrong(String name, UnaryOperator<Tensor> function, String... fragments) {
    rejects(
        name,
        "what does not fit [2, 3]",
        () -> function.apply(Tensor.ones(2, 3)),
        FulgurException.class,
        fragments);
  }
}
