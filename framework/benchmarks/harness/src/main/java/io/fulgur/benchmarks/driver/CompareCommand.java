package io.fulgur.benchmarks.driver;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command that {@code framework/benchmarks/run} starts. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    sortOptions = false,
    description = "Measures training steps of Fulgur and of its peers, by turns.")
final class CompareCommand implements Callable<Integer> {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  @Option(names = "--models", split = ",", description = "Only these models.")
  private List<String> models = List.of();

  @Option(names = "--contestants", split = ",", description = "Only these contestants.")
  private List<String> contestants = List.of();

  @Option(
      names = "--baseline",
      split = ",",
      description =
          "The contestants of which the fastest, in each round, divides all others; by default as"
              + " benchmarks.yaml says.")
  private List<String> baselines = List.of();

  @Option(names = "--rounds", description = "Turns of each contestant.")
  private int rounds = 7;

  @Option(names = "--burst-millis", description = "The length of a turn, about.")
  private long burstMillis = 500;

  @Option(names = "--warm-up-millis", description = "Training before the first turn.")
  private long warmUpMillis = 5_000;

  @Option(names = "--pause-millis", description = "Silence before a turn.")
  private long pauseMillis = 50;

  @Option(names = "--threads", description = "OMP_NUM_THREADS of every contestant.")
  private int threads = 2;

  @Option(names = "--heap", description = "-Xmx of every contestant.")
  private String heap = "2g";

  @Option(
      names = "--json",
      description = "Writes all measurements to this file; by default target/results.json.")
  private @Nullable Path json;

  @Option(names = "--markdown", description = "Writes the tables to this file too.")
  private @Nullable Path markdown;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls.
  private CommandSpec spec;

  private final Path directory;

  CompareCommand(Path directory) {
    this.directory = directory;
  }

  /** Expects the folder of benchmarks.yaml in the system property {@code benchmarks.directory}. */
  public static void main(String[] arguments) {
    Path directory = Path.of(System.getProperty("benchmarks.directory", ""));
    System.exit(new CommandLine(new CompareCommand(directory)).execute(arguments));
  }

  /** Prints and writes the results; 1 if a contestant failed. */
  @Override
  public Integer call() throws IOException {
    Instant start = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    Machine machine = Machine.here();
    Catalogue catalogue = Catalogue.read(directory.resolve("benchmarks.yaml"));
    Map<String, ModelDescription> selectedModels;
    Map<String, ContestantDescription> selectedContestants;
    try {
      selectedModels = Catalogue.select(catalogue.models(), models, "model");
      selectedContestants = Catalogue.select(catalogue.contestants(), contestants, "contestant");
      Catalogue.select(catalogue.contestants(), baselines, "baseline");
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    PrintWriter progress = spec.commandLine().getErr();
    Settings settings = new Settings(rounds, warmUpMillis, burstMillis, pauseMillis);
    Comparison comparison =
        new Comparison(settings, CompareCommand::sleep, line -> print(progress, line));
    List<Results.OfModel> measured = new ArrayList<>();
    selectedModels.forEach(
        (model, description) ->
            measured.add(
                comparison.run(
                    model,
                    description,
                    baselines.isEmpty() ? catalogue.baselinesOf(description) : baselines,
                    entrants(catalogue, description, selectedContestants))));
    Results results =
        new Results(
            start,
            commandLine(),
            machine,
            ThreadSettings.common(threads),
            jvmArguments(),
            catalogue.memoryJvmArguments(),
            settings,
            measured);
    write(results);
    boolean failed =
        measured.stream()
            .flatMap(model -> model.contestants().stream())
            .anyMatch(contestant -> contestant.failure() != null);
    return failed ? 1 : 0;
  }

  private List<JvmEntrant> entrants(
      Catalogue catalogue, ModelDescription model, Map<String, ContestantDescription> selected) {
    return selected.entrySet().stream()
        .filter(
            contestant ->
                model.contestants().isEmpty() || model.contestants().contains(contestant.getKey()))
        .map(
            contestant ->
                new JvmEntrant(
                    contestant.getKey(), contestant.getValue(), catalogue.memoryJvmArguments()))
        .toList();
  }

  private void write(Results results) throws IOException {
    Report report = new Report(results);
    print(spec.commandLine().getOut(), report.text());
    Path jsonFile = json == null ? directory.resolve("target/results.json") : json;
    JSON.writeValue(withFolder(jsonFile).toFile(), results);
    if (markdown != null) {
      Files.writeString(withFolder(markdown), report.markdown());
    }
  }

  private static Path withFolder(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    return file;
  }

  private static void print(PrintWriter out, String text) {
    out.println(text);
    out.flush();
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted between two turns", e);
    }
  }

  private String commandLine() {
    List<String> words = new ArrayList<>(List.of("framework/benchmarks/run"));
    words.addAll(spec.commandLine().getParseResult().originalArgs());
    return String.join(" ", words);
  }

  private List<String> jvmArguments() {
    return List.of("-Xmx" + heap);
  }

  /** Starts contestants with the class paths that the build has written. */
  private final class JvmEntrant implements Comparison.Entrant {
    private final String name;
    private final ContestantDescription description;
    private final List<String> memoryJvmArguments;

    JvmEntrant(String name, ContestantDescription description, List<String> memoryJvmArguments) {
      this.name = name;
      this.description = description;
      this.memoryJvmArguments = memoryJvmArguments;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public ContestantDescription description() {
      return description;
    }

    @Override
    public Optional<Participant> start(String model) {
      return start(model, List.of(), "");
    }

    @Override
    public Optional<Participant> startForMemory(String model) {
      return start(model, memoryJvmArguments, "-memory");
    }

    private Optional<Participant> start(String model, List<String> more, String suffix) {
      Map<String, String> environment = new HashMap<>(ThreadSettings.common(threads));
      environment.putAll(description.environment());
      List<String> arguments = new ArrayList<>(jvmArguments());
      arguments.addAll(description.jvmArguments());
      arguments.addAll(more);
      Path target = directory.resolve(description.module()).resolve("target");
      try {
        Path log =
            withFolder(directory.resolve("target/logs/%s-%s%s.log".formatted(model, name, suffix)));
        Files.deleteIfExists(log);
        String classPath =
            target.resolve("classes")
                + File.pathSeparator
                + Files.readString(target.resolve("classpath.txt")).strip();
        return ContestantProcess.start(
            new ContestantProcess.Launch(
                classPath, description.mainClass(), model, arguments, environment, log));
      } catch (IOException e) {
        throw new ContestantException("Cannot start: " + e, e);
      }
    }
  }
}
