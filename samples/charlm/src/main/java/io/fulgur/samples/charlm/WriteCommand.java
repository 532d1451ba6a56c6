package io.fulgur.samples.charlm;

import io.fulgur.module.FulgurModule;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes with a trained model. */
@Command(
    name = "write",
    description = "Writes on from a beginning with a trained model.",
    showDefaultValues = true,
    mixinStandardHelpOptions = true)
final class WriteCommand implements Callable<Integer> {
  @Parameters(paramLabel = "CHECKPOINT", description = "Checkpoint that train has written.")
  private Path checkpoint = Path.of("");

  @Option(names = "--beginning", description = "What the text begins with.")
  private String beginning = "ROMEO:";

  @Option(names = "--count", description = "How many characters to write.")
  private int count = 500;

  @Option(
      names = "--temperature",
      description = "Below 1 prefers what is likely, above 1 what is not.")
  private double temperature = 0.8;

  @Option(names = "--top-k", description = "Chooses among so many of the likeliest characters.")
  private int topK = 20;

  @Option(names = "--seed", description = "Start of the random numbers.")
  private long seed = 1;

  @Override
  public Integer call() {
    CharacterModel model = FulgurModule.loadFromCheckpoint(CharacterModel.class, checkpoint);
    model.eval();
    Vocabulary vocabulary = model.vocabulary();
    Writer writer = new Writer(model, temperature, topK, new SplittableRandom(seed));
    System.out.print(beginning);
    writer.write(
        vocabulary.encode(beginning),
        count,
        character -> {
          System.out.print(vocabulary.decode(character));
          System.out.flush();
        });
    System.out.println();
    return 0;
  }
}
