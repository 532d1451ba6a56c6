package io.fulgur.data;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fulgur.checkpoint.Checkpoint;
import io.fulgur.checkpoint.CheckpointIO;
import io.fulgur.checkpoint.CheckpointKeys;
import io.fulgur.checkpoint.State;
import io.fulgur.error.FulgurException;
import io.fulgur.module.ModuleFactory;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes data modules from checkpoints. */
final class DataModuleLoader {
  private static final String STATE = "module";
  private static final ObjectMapper JSON = new ObjectMapper();

  private DataModuleLoader() {}

  static <T extends DataModule> T load(
      Class<T> type,
      Path path,
      Map<String, ? extends @Nullable Object> overrides,
      CheckpointIO io) {
    try (Checkpoint checkpoint = io.load(path)) {
      T module = create(type, checkpoint, overrides);
      State data =
          checkpoint.hasState(CheckpointKeys.DATA)
              ? checkpoint.state(CheckpointKeys.DATA)
              : State.empty();
      if (data.has(STATE)) {
        Map<String, Object> state =
            JSON.convertValue(data.node(STATE), new TypeReference<Map<String, Object>>() {});
        checkpoint.restore("the data module", () -> restore(module, state));
      }
      return module;
    }
  }

  private static void restore(DataModule module, Map<String, Object> state) {
    if (!state.isEmpty()) {
      module.loadState(state);
    }
  }

  private static <T extends DataModule> T create(
      Class<T> type, Checkpoint checkpoint, Map<String, ? extends @Nullable Object> overrides) {
    try {
      return ModuleFactory.create(type, checkpoint.dataModuleHyperparameters(), overrides);
    } catch (FulgurException e) {
      throw new FulgurException(
          e.id(),
          "%s: the data module %s could not be constructed.\n   %s\n   The checkpoint holds: %s. Give what was not saved, or has changed, as overrides."
              .formatted(
                  checkpoint.description(),
                  type.getSimpleName(),
                  String.valueOf(e.getMessage()).replace("\n", "\n   "),
                  checkpoint.dataModuleHyperparameters().isEmpty()
                      ? "nothing, for its class had no @SaveHyperparameters then"
                      : checkpoint.dataModuleHyperparameters()),
          e);
    }
  }
}
