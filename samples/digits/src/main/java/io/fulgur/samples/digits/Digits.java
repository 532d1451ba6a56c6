package io.fulgur.samples.digits;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of the sample. */
@Command(
    name = "digits",
    description = "Trains a classifier of handwritten digits, and uses it.",
    subcommands = {TrainCommand.class, PredictCommand.class},
    mixinStandardHelpOptions = true)
public final class Digits {
  private Digits() {}

  /** Runs a command and exits with its status: 0, or 1 after an error, or 2 for wrong usage. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  static int run(String... arguments) {
    String[] command = arguments.length == 0 ? new String[] {"train"} : arguments;
    return new CommandLine(new Digits())
        .setExecutionExceptionHandler(
            (exception, line, parsed) -> {
              line.getErr().println(line.getColorScheme().errorText(exception.getMessage()));
              return 1;
            })
        .execute(command);
  }
}
