package io.fulgur.thirdparty;

import com.google.inject.Module;
import io.fulgur.Trainer;
import io.fulgur.callback.Callback;
import io.fulgur.checkpoint.Checkpoint;
import io.fulgur.checkpoint.CheckpointIO;
import io.fulgur.checkpoint.CheckpointMetadata;
import io.fulgur.checkpoint.SafeTensorsCheckpointIO;
import io.fulgur.checkpoint.State;
import io.fulgur.data.Batch;
import io.fulgur.log.Logger;
import io.fulgur.log.Metrics;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.StepOutput;
import io.fulgur.plugin.Extensions;
import io.fulgur.plugin.FulgurPlugin;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Keeps checkpoints elsewhere, counts the batches of all lives of a run, and notes its values. */
public final class VaultPlugin implements FulgurPlugin {
  static final String TIMES = "time/";

  /** Keeps each checkpoint in a folder of its own making, under a name of its own. */
  static final class VaultIO implements CheckpointIO {
    private final CheckpointIO files = new SafeTensorsCheckpointIO();
    private final Path vault;

    VaultIO(Path vault) {
      this.vault = vault;
    }

    private Path kept(Path path) {
      String name = path.toAbsolutePath().normalize().toString();
      return vault.resolve(Integer.toHexString(name.hashCode()) + ".kept");
    }

    @Override
    public void save(Checkpoint checkpoint, Path path) {
      files.save(checkpoint, kept(path));
    }

    @Override
    public Checkpoint load(Path path) {
      return files.load(kept(path));
    }

    @Override
    public CheckpointMetadata loadMetadata(Path path) {
      return files.loadMetadata(kept(path));
    }

    @Override
    public void remove(Path path) {
      files.remove(kept(path));
    }

    @Override
    public boolean exists(Path path) {
      return Files.exists(kept(path));
    }
  }

  /** Keeps a number in checkpoints. */
  static final class BatchCounter implements Callback {
    private long batches;

    long batches() {
      return batches;
    }

    @Override
    public void onTrainBatchEnd(
        Trainer trainer,
        FulgurModule module,
        @Nullable StepOutput output,
        Batch batch,
        int batchIndex) {
      batches++;
    }

    @Override
    public State state() {
      return State.builder().put("batches", batches).build();
    }

    @Override
    public void loadState(State state) {
      batches = state.longValue("batches");
    }
  }

  /** Notes the newest value of each name at each step, but those that no run repeats. */
  static final class Notebook implements Logger {
    final TreeMap<String, Double> notes = new TreeMap<>();

    @Override
    public synchronized void logMetrics(Metrics metrics, long step) {
      metrics
          .toMap()
          .forEach(
              (name, value) -> {
                if (!name.startsWith(TIMES)
                    && !name.startsWith("DeviceStatsMonitor")
                    && !name.contains("/device/")
                    && !name.startsWith("train/")
                    && !name.startsWith("validate/")) {
                  notes.put(name + "@" + step, value);
                }
              });
    }

    @Override
    public String name() {
      return "notebook";
    }

    @Override
    public String version() {
      return "1";
    }
  }

  /** Where the newest trainer's checkpoints go. */
  private static Path vault = Path.of("");

  /** The logger of the newest trainer. */
  private static Notebook notebook = new Notebook();

  /** Sets where checkpoints go and which logger the next trainer has. */
  static void use(Path newVault, Notebook newNotebook) {
    vault = newVault;
    notebook = newNotebook;
  }

  @Override
  public String name() {
    return "vault";
  }

  @Override
  public String version() {
    return "1.0";
  }

  @Override
  public Module module() {
    return binder -> {
      Extensions.callbacks(binder).addBinding().to(BatchCounter.class);
      Extensions.loggers(binder).addBinding().toInstance(notebook);
      Extensions.checkpointIO(binder).setBinding().toInstance(new VaultIO(vault));
    };
  }
}
