package io.fulgur.loop;

import io.fulgur.RunningStage;
import io.fulgur.data.HostArray;
import io.fulgur.data.HostBatch;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The kinds of step scopes of a trainer: one for each stage and shape of batch. Steps of one kind
 * run the same kernels.
 */
final class StepKeys {
  /** Compared by identity, which is what {@link StepKeys} makes unique. */
  private static final class Key {
    final RunningStage stage;
    final List<DType> dtypes = new ArrayList<>();
    final List<Shape> shapes = new ArrayList<>();

    Key(RunningStage stage, HostBatch batch) {
      this.stage = stage;
      for (HostArray array : batch.values().values()) {
        dtypes.add(array.dtype());
        shapes.add(array.shape());
      }
    }

    boolean fits(RunningStage other, HostBatch batch) {
      if (stage != other || batch.values().size() != shapes.size()) {
        return false;
      }
      int i = 0;
      for (HostArray array : batch.values().values()) {
        if (array.dtype() != dtypes.get(i) || !array.shape().equals(shapes.get(i))) {
          return false;
        }
        i++;
      }
      return true;
    }

    @Override
    public String toString() {
      return stage.label() + shapes;
    }
  }

  /** As many kinds as the engine remembers chains of calls for. */
  private static final int MAX_KINDS = 64;

  private final Map<List<Object>, Key> known = new HashMap<>();
  private @Nullable Key last;

  /** Returns the kind of a step. */
  Object of(RunningStage stage, HostBatch batch) {
    Key latest = last;
    if (latest != null && latest.fits(stage, batch)) {
      return latest;
    }
    Key made = new Key(stage, batch);
    if (known.size() >= MAX_KINDS) {
      known.clear(); // Shapes without end: the engine has forgotten the oldest, too.
    }
    Key key = known.computeIfAbsent(List.of(stage, made.dtypes, made.shapes), ignored -> made);
    last = key;
    return key;
  }
}
