package io.fulgur.nn.loss;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.DTypeException;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;

/**
 * Scores or log-probabilities of classes, one row for each decision.
 *
 * @param rows {@code [rows, classes]}
 * @param places the input's shape without the dimension of the classes
 */
record ClassRows(Tensor rows, Shape places) {
  /** Looks at {@code [classes]}, {@code [n, classes]} or {@code [n, classes, d...]} by rows. */
  static ClassRows of(String loss, Tensor input) {
    LossChecks.requireFloating(loss, input);
    int rank = input.rank();
    if (rank == 0) {
      throw ShapeException.mismatch(
          loss, "the input must be [classes], [n, classes] or [n, classes, d...]", input.shape());
    }
    if (rank == 1) {
      return new ClassRows(input.unsqueeze(0), Shape.of());
    }
    Tensor classesLast = input;
    if (rank > 2) {
      int[] order = new int[rank];
      for (int i = 1; i < rank - 1; i++) {
        order[i] = i + 1;
      }
      order[rank - 1] = 1;
      classesLast = input.permute(order);
    }
    long classes = input.size(1);
    long[] places = new long[rank - 1];
    long count = 1;
    for (int i = 0; i < places.length; i++) {
      places[i] = classesLast.size(i);
      count *= places[i];
    }
    return new ClassRows(rank == 2 ? input : classesLast.reshape(count, classes), Shape.of(places));
  }

  /** Tells of labels of another type or shape. */
  void requireLabels(String loss, Tensor target) {
    if (target.dtype() != DType.I64) {
      throw DTypeException.unsupported(
          loss + " with labels", target.dtype(), "I64; convert with to(DType.I64)");
    }
    if (!target.shape().equals(places)) {
      throw ShapeException.mismatch(
          loss,
          "there must be one label for each row of scores, " + places,
          rows.shape(),
          target.shape());
    }
  }

  /** Tells of weights of classes of another shape. */
  void requireWeights(String loss, Tensor classWeights) {
    if (classWeights.rank() != 1 || classWeights.size(0) != classes()) {
      throw ShapeException.mismatch(
          loss, "there must be one weight for each class", rows.shape(), classWeights.shape());
    }
  }

  long classes() {
    return rows.size(1);
  }

  /** Returns one number for each row in the places that the input had. */
  Tensor inPlaces(Tensor perRow) {
    return perRow.shape().equals(places) ? perRow : perRow.reshape(places.toArray());
  }
}
