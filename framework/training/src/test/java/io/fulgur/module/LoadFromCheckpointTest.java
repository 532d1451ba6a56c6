package io.fulgur.module;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.annotation.SaveHyperparameters;
import io.fulgur.checkpoint.Checkpoint;
import io.fulgur.checkpoint.SafeTensorsCheckpointIO;
import io.fulgur.error.FulgurException;
import io.fulgur.nn.Linear;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("UnusedVariable") // Constructors whose arguments are recorded only.
class LoadFromCheckpointTest {
  @TempDir Path folder;

  @SaveHyperparameters(ignore = "helper")
  static class Net extends FulgurModule {
    final Linear layer;
    final double learningRate;

    Net(int hidden, double learningRate) {
      this(hidden, learningRate, new Thread());
    }

    Net(int hidden, double learningRate, Thread helper) {
      this.layer = new Linear(3, hidden);
      this.learningRate = learningRate;
      helper.setName("net");
    }
  }

  static class Renamed extends FulgurModule {
    final Linear layer;

    Renamed(int width) {
      this.layer = new Linear(3, width);
    }
  }

  private Path save(FulgurModule module) {
    Path path = folder.resolve("net.ckpt");
    new SafeTensorsCheckpointIO()
        .save(
            Checkpoint.builder()
                .epoch(2)
                .globalStep(30)
                .weights(module.stateDict())
                .hyperparameters(module.hparams())
                .build(),
            path);
    return path;
  }

  private static Net net(int hidden) {
    return ModuleFactory.create(Net.class, Map.of("hidden", hidden, "learningRate", 0.5));
  }

  @Test
  void load_saved_givesAnEqualModule() {
    Net saved = net(4);

    Net loaded = FulgurModule.loadFromCheckpoint(Net.class, save(saved));

    assertThat(loaded.learningRate).isEqualTo(0.5);
    assertThat(loaded.hparams()).isEqualTo(saved.hparams());
    assertThat(loaded.namedParameters().keySet()).isEqualTo(saved.namedParameters().keySet());
    loaded
        .namedParameters()
        .forEach(
            (name, parameter) ->
                assertThat(parameter.toFloatArray())
                    .isEqualTo(saved.namedParameters().get(name).toFloatArray()));
  }

  @Test
  void load_overrides_win() {
    Thread helper = new Thread();

    Net loaded =
        FulgurModule.loadFromCheckpoint(
            Net.class, save(net(4)), Map.of("learningRate", 0.25, "helper", helper));

    assertThat(loaded.learningRate).isEqualTo(0.25);
    assertThat(loaded.layer.namedParameters().get("bias").elements()).isEqualTo(4);
    assertThat(helper.getName()).isEqualTo("net");
  }

  @Test
  void load_constructorWithoutTheseNames_listsWhatThereIs() {
    Path path = save(net(4));

    assertThatThrownBy(() -> FulgurModule.loadFromCheckpoint(Renamed.class, path))
        .isInstanceOf(FulgurException.class)
        .hasMessageContaining("[NoSuchConstructor] Checkpoint")
        .hasMessageContaining("net.ckpt (epoch 2, step 30)")
        .hasMessageContaining("takes exactly (hidden, learningRate)")
        .hasMessageContaining(
            "Renamed(int width); not given: width; not taken: hidden, learningRate")
        .hasMessageContaining("The checkpoint holds: {hidden=4, learningRate=0.5}.");
  }

  @Test
  void load_noHyperparametersSaved_saysSo() {
    Path path = save(new Renamed(4));

    assertThatThrownBy(() -> FulgurModule.loadFromCheckpoint(Renamed.class, path))
        .hasMessageContaining(
            "The checkpoint holds no hyperparameters: LoadFromCheckpointTest.Renamed has no"
                + " @SaveHyperparameters. Give all arguments of the constructor as overrides.");
    assertThat(
            FulgurModule.loadFromCheckpoint(Renamed.class, path, Map.of("width", 4))
                .namedParameters())
        .hasSize(2);
  }

  @Test
  void load_overrideThatDoesNotFit_isAnError() {
    Path path = save(net(4));

    assertThatThrownBy(
            () -> FulgurModule.loadFromCheckpoint(Net.class, path, Map.of("hidden", "many")))
        .hasMessageContaining("[HyperparameterMismatch]")
        .hasMessageContaining("\"hidden\" is the text \"many\", but must be int");
  }

  @Test
  void load_weightsOfAnotherShape_isAnError() {
    Path path = save(net(4));

    assertThatThrownBy(() -> FulgurModule.loadFromCheckpoint(Net.class, path, Map.of("hidden", 5)))
        .hasMessageContaining("[CheckpointMismatch]")
        .hasMessageContaining("the weights")
        .hasMessageContaining("layer.weight");
  }
}
