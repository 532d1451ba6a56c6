package io.fulgur.checkpoint;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.hyperparameter.Hyperparameters;
import io.fulgur.tensor.Storage;
import io.fulgur.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a run needs to go on: the module's weights and buffers by their plain names, and
 * the {@link State} of everything else by key.
 *
 * <p>A checkpoint that was built holds live tensors and must be saved before they change. One that
 * was loaded owns its tensors; {@link #close()} frees them, so what is restored copies.
 *
 * <p>In a file, the tensor {@code exp_avg} of the state {@code optimizers} is called {@code
 * optimizers:exp_avg}, and weights are the tensors without a colon after such a key. In Python:
 *
 * <pre>{@code
 * from safetensors.torch import load_file
 * weights = {k: v for k, v in load_file(path).items() if ":" not in k}
 * }</pre>
 *
 * @since 0.1
 */
public final class Checkpoint implements AutoCloseable {
  private static final Pattern KEY = Pattern.compile("[a-z][a-z0-9_]*");

  private final CheckpointMetadata metadata;
  private final Map<String, Tensor> weights;
  private final Map<String, State> states;
  private final @Nullable Path source;

  Checkpoint(
      CheckpointMetadata metadata,
      Map<String, Tensor> weights,
      Map<String, State> states,
      @Nullable Path source) {
    this.metadata = metadata;
    this.weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
    this.states = Collections.unmodifiableMap(new LinkedHashMap<>(states));
    this.source = source;
  }

  /** Returns a builder of a checkpoint without anything in it. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns the Fulgur version that wrote this. */
  public String fulgurVersion() {
    return metadata.fulgurVersion();
  }

  /** Returns the number of the epoch in which this was saved, counted from 0. */
  public long epoch() {
    return metadata.epoch();
  }

  /** Returns how many optimizer steps had been taken. */
  public long globalStep() {
    return metadata.globalStep();
  }

  /** Returns the module's parameters and buffers by name. */
  public Map<String, Tensor> weights() {
    return weights;
  }

  /** Returns the module's hyperparameters, none if it saved none. */
  public Hyperparameters hyperparameters() {
    return metadata.hyperparameters();
  }

  /** Returns the data module's hyperparameters, none if it saved none. */
  public Hyperparameters dataModuleHyperparameters() {
    return metadata.dataModuleHyperparameters();
  }

  /** Returns the keys under which states were saved, e.g. {@link CheckpointKeys#LOOPS}. */
  public Set<String> stateKeys() {
    return states.keySet();
  }

  /** Returns whether there is a state under a key; one of weights only has none. */
  public boolean hasState(String key) {
    return states.containsKey(key);
  }

  /**
   * Returns the state saved under a key.
   *
   * @throws FulgurException if there is none
   */
  public State state(String key) {
    State state = states.get(key);
    if (state == null) {
      throw new FulgurException(
          ErrorId.CHECKPOINT_MISMATCH,
          "%s holds no \"%s\". It holds: %s. Was it saved with weights only?"
              .formatted(
                  description(),
                  key,
                  states.isEmpty()
                      ? "weights only"
                      : "weights, " + String.join(", ", stateKeys())));
    }
    return state;
  }

  /**
   * Restores a part, and says in which checkpoint the trouble is if it does not fit.
   *
   * <pre>{@code
   * checkpoint.restore("the weights", () -> module.loadStateDict(checkpoint.weights()));
   * }</pre>
   *
   * @throws FulgurException with the file, epoch and step around what {@code action} reports
   */
  public void restore(String what, Runnable action) {
    try {
      action.run();
    } catch (FulgurException e) {
      throw new FulgurException(
          ErrorId.CHECKPOINT_MISMATCH,
          "%s does not fit: %s could not be restored. Was it saved by another model or version of it?\n   %s"
              .formatted(description(), what, e.getMessage()),
          e);
    }
  }

  /** Returns the file that this was read from; null if it was not read from one. */
  public @Nullable Path source() {
    return source;
  }

  /** Returns e.g. {@code Checkpoint /runs/last.ckpt (epoch 3, step 400)}. */
  public String description() {
    return "Checkpoint%s (epoch %d, step %d)"
        .formatted(source == null ? "" : " " + source, epoch(), globalStep());
  }

  CheckpointMetadata metadata() {
    return metadata;
  }

  /**
   * Frees the tensors of a checkpoint that was loaded; using one of them afterwards is an error. A
   * checkpoint that was built does not own its tensors and leaves them alone.
   */
  @Override
  public void close() {
    if (source == null) {
      return;
    }
    List<Tensor> owned = new ArrayList<>(weights.values());
    states.values().forEach(state -> owned.addAll(state.tensorsByPath().values()));
    for (Tensor tensor : owned) {
      if (tensor.isAlive()) {
        Storage storage = tensor.view().storage();
        tensor.release();
        storage.free();
      }
    }
  }

  @Override
  public String toString() {
    return description();
  }

  /**
   * Collects what is to be saved.
   *
   * @since 0.1
   */
  public static final class Builder {
    private long epoch;
    private long globalStep;
    private final Map<String, Tensor> weights = new LinkedHashMap<>();
    private final Map<String, State> states = new LinkedHashMap<>();
    private Hyperparameters hyperparameters = Hyperparameters.none();
    private Hyperparameters dataModuleHyperparameters = Hyperparameters.none();

    private Builder() {}

    /** Sets the number of the current epoch, counted from 0. */
    public Builder epoch(long epoch) {
      this.epoch = epoch;
      return this;
    }

    /** Sets how many optimizer steps have been taken. */
    public Builder globalStep(long globalStep) {
      this.globalStep = globalStep;
      return this;
    }

    /** Adds the module's parameters and buffers, which are not copied. */
    public Builder weights(Map<String, ? extends Tensor> tensors) {
      weights.putAll(tensors);
      return this;
    }

    /**
     * Adds a state.
     *
     * @param key one of {@link CheckpointKeys} or a plugin's own: lower-case letters, digits and
     *     underscores
     */
    public Builder state(String key, State state) {
      if (!KEY.matcher(key).matches() || CheckpointKeys.isReserved(key)) {
        throw new FulgurException(
            ErrorId.INVALID_ARGUMENT,
            "A state cannot be saved under \"%s\": a key is of lower-case letters, digits and underscores, and none of %s."
                .formatted(key, String.join(", ", CheckpointKeys.RESERVED)));
      }
      states.put(key, state);
      return this;
    }

    /** Sets what the module was constructed with. */
    public Builder hyperparameters(Hyperparameters hyperparameters) {
      this.hyperparameters = hyperparameters;
      return this;
    }

    /** Sets what the data module was constructed with. */
    public Builder dataModuleHyperparameters(Hyperparameters hyperparameters) {
      this.dataModuleHyperparameters = hyperparameters;
      return this;
    }

    /** Returns the checkpoint. */
    public Checkpoint build() {
      return new Checkpoint(
          CheckpointMetadata.ofThisVersion(
              epoch, globalStep, hyperparameters, dataModuleHyperparameters),
          weights,
          states,
          /* source= */ null);
    }
  }
}
