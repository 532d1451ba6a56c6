package ${package};

import io.fulgur.Fulgur;
import io.fulgur.Trainer;
import io.fulgur.callback.checkpoint.ModelCheckpoint;

/** Trains. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    Fulgur.seedEverything(1);
    ModelCheckpoint checkpoints = ModelCheckpoint.builder().monitor("val_loss").build();
    Trainer trainer =
        Trainer.builder().maxEpochs(60).logEveryNSteps(10).callback(checkpoints).build();
    SpiralClassifier model = new SpiralClassifier(64, 5e-3);
    SpiralData data = new SpiralData(32);
    trainer.fit(model, data);
    System.out.println("Held-out points: " + trainer.validate(model, data).get(0));
    System.out.println("Best checkpoint: " + checkpoints.bestModelPath());
  }
}
