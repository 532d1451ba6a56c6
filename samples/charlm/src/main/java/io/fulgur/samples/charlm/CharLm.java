package io.fulgur.samples.charlm;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of the sample. */
@Command(
    name = "charlm",
    description = "Trains a small transformer to write like a text, and lets it write.",
    subcommands = {TrainCommand.class, WriteCommand.class},
    mixinStandardHelpOptions = true)
public final class CharLm {
  private CharLm() {}

  /** Runs a command and exits with its status: 0, or 1 after an error, or 2 for wrong usage. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  static int run(String... arguments) {
    String[] command = arguments.length == 0 ? new String[] {"train"} : arguments;
    return new CommandLine(new CharLm())
        .setExecutionExceptionHandler(
            (exception, line, parsed) -> {
              line.getErr().println(line.getColorScheme().errorText(exception.getMessage()));
              return 1;
            })
        .execute(command);
  }
}
