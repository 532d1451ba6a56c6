package io.fulgur.module;

import io.fulgur.annotation.SaveHyperparameters;
import io.fulgur.checkpoint.Checkpoint;
import io.fulgur.checkpoint.CheckpointIO;
import io.fulgur.error.FulgurException;
import io.fulgur.hyperparameter.Hyperparameters;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Tensor;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes modules from checkpoints. */
final class ModuleLoader {
  private ModuleLoader() {}

  static <T extends FulgurModule> T load(
      Class<T> type,
      Path path,
      Map<String, ? extends @Nullable Object> overrides,
      CheckpointIO io) {
    try (Checkpoint checkpoint = io.loadWeights(path)) {
      T module = create(type, checkpoint, overrides);
      checkpoint.restore(
          "the weights",
          () -> {
            adoptType(module, checkpoint.weights().values());
            module.loadStateDict(checkpoint.weights());
          });
      return module;
    }
  }

  /** Converts a new module to the type that it was trained in, e.g. F64. */
  private static void adoptType(FulgurModule module, Collection<Tensor> weights) {
    Set<DType> types =
        weights.stream().map(Tensor::dtype).filter(DType::isFloating).collect(Collectors.toSet());
    if (types.size() == 1) {
      module.to(types.iterator().next());
    }
  }

  private static <T extends FulgurModule> T create(
      Class<T> type, Checkpoint checkpoint, Map<String, ? extends @Nullable Object> overrides) {
    Hyperparameters saved = checkpoint.hyperparameters();
    ConstructorCall<T> call;
    try {
      call = ConstructorCall.choose(type, saved, overrides);
    } catch (FulgurException e) {
      throw new FulgurException(e.id(), explain(type, checkpoint, e), e);
    }
    return ModuleFactory.make(call);
  }

  private static String explain(Class<?> type, Checkpoint checkpoint, FulgurException reason) {
    Hyperparameters saved = checkpoint.hyperparameters();
    String message = String.valueOf(reason.getMessage());
    String text =
        "%s: %s could not be constructed.\n   %s\n   "
            .formatted(
                checkpoint.description(), Signatures.name(type), message.replace("\n", "\n   "));
    if (!saved.isEmpty()) {
      return text
          + "The checkpoint holds: "
          + saved
          + ". Give what was not saved, or has changed, as overrides; if parameters were removed,"
          + " construct the module yourself and load the weights with loadStateDict.";
    }
    return text
        + "The checkpoint holds no hyperparameters"
        + (type.isAnnotationPresent(SaveHyperparameters.class)
            ? "."
            : ": " + Signatures.name(type) + " has no @SaveHyperparameters.")
        + " Give all arguments of the constructor as overrides.";
  }
}
