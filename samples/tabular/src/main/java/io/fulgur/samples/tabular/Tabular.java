package io.fulgur.samples.tabular;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of the sample. */
@Command(
    name = "tabular",
    description = "Trains a classifier of tumours on a table of measurements, and uses it.",
    subcommands = {TrainCommand.class, PredictCommand.class, CrossValidateCommand.class},
    mixinStandardHelpOptions = true)
public final class Tabular {
  private Tabular() {}

  /** Runs a command and exits with its status: 0, or 1 after an error, or 2 for wrong usage. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  static int run(String... arguments) {
    String[] command = arguments.length == 0 ? new String[] {"train"} : arguments;
    return new CommandLine(new Tabular())
        .setExecutionExceptionHandler(
            (exception, line, parsed) -> {
              line.getErr().println(line.getColorScheme().errorText(exception.getMessage()));
              return 1;
            })
        .execute(command);
  }
}
