package io.fulgur.nn.optimizer;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.Tensor;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A piece of a parameter's state: how it looks in a checkpoint, and how to get and set it. */
record StatePart(DType dtype, Shape shape, Supplier<Tensor> read, Consumer<Tensor> write) {

  /** Returns the state that a parameter has under hyperparameters, by name and in that order. */
  static SortedMap<String, StatePart> of(
      Optimizer optimizer, FlatState state, int index, Map<String, Double> hyperparameters) {
    DType dtype = state.buffer().dtype();
    Shape shape = state.buffer().parameters().get(index).shape();
    SortedMap<String, StatePart> parts = new TreeMap<>();
    for (String name : optimizer.stateNames(hyperparameters)) {
      parts.put(
          name,
          new StatePart(
              dtype,
              shape,
              () -> state.part(name, index),
              saved -> state.part(name, index).assign(saved)));
    }
    optimizer
        .stateShapes(hyperparameters, shape)
        .forEach(
            (name, own) ->
                parts.put(
                    name,
                    new StatePart(
                        dtype,
                        own,
                        () -> state.shaped(name, index, own),
                        saved -> state.shaped(name, index, own).assign(saved))));
    for (String name : optimizer.numberNames()) {
      parts.put(
          name,
          new StatePart(
              DType.F64,
              Shape.SCALAR,
              () -> Tensor.full(state.number(name, index), DType.F64),
              saved -> state.setNumber(name, index, saved.item())));
    }
    return parts;
  }
}
