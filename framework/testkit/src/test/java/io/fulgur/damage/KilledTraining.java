package io.fulgur.damage;

import io.fulgur.Trainer;
import io.fulgur.callback.Callback;
import io.fulgur.callback.checkpoint.SaveLast;
import io.fulgur.data.Batch;
import io.fulgur.module.FulgurModule;
import java.io.IOException;
import java.nio.file.Path;

/** Goes on with a training, and says before each batch how many steps it has taken, for ever. */
final class KilledTraining implements Callback {
  static final String LOGS = "logs";

  private KilledTraining() {}

  static KilledProcess start(Path folder, SaveLast saveLast, boolean async, boolean logs)
      throws IOException {
    return KilledProcess.start(
        KilledTraining.class,
        folder.toString(),
        saveLast.name(),
        Boolean.toString(async),
        Boolean.toString(logs));
  }

  public static void main(String[] arguments) {
    Path folder = Path.of(arguments[0]);
    SaveLast saveLast = SaveLast.valueOf(arguments[1]);
    boolean async = Boolean.parseBoolean(arguments[2]);
    boolean logs = Boolean.parseBoolean(arguments[3]);
    Trainer trainer =
        StepCounting.trainer(folder, saveLast, async)
            .maxEpochs(-1)
            .enableLogging(logs)
            .logEveryNSteps(1)
            .defaultRootDir(folder.resolve(LOGS))
            .callback(new KilledTraining())
            .build();
    trainer.fit(new StepCounting(), StepCounting.data(), "last");
  }

  @Override
  public void onTrainBatchStart(Trainer trainer, FulgurModule module, Batch batch, int batchIndex) {
    System.out.println(trainer.globalStep());
    System.out.flush();
  }
}
