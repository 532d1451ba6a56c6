package io.fulgur;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table in {@code docs/trainer.md} is the one that the builder, files and variables use. */
class TrainerDocumentationTest {
  private static final Path PAGE = Path.of("../../docs/trainer.md");
  private static final String START = "<!-- options: from TrainerOptionTable -->\n";
  private static final String END = "<!-- end of options -->";

  private static String table() {
    return TrainerOptionTable.ALL.stream()
        .map(
            option ->
                "| `%s` | %s | `%s` | %s |\n"
                    .formatted(
                        option.name(),
                        option.defaultText().isEmpty() ? "" : "`" + option.defaultText() + "`",
                        option.variable(),
                        option.meaning()))
        .collect(
            Collectors.joining(
                "",
                "| option | default | environment variable | meaning |\n|---|---|---|---|\n",
                ""));
  }

  @Test
  void page_table_isThatOfTheOptions() throws IOException {
    String page = Files.readString(PAGE);

    assertThat(page).contains(START, END);
    assertThat(page.substring(page.indexOf(START) + START.length(), page.indexOf(END)))
        .isEqualTo(table());
  }

  @Test
  void options_everyOne_isAMethodOfTheBuilder() {
    Set<String> methods =
        Arrays.stream(TrainerBuilder.class.getMethods())
            .filter(method -> Modifier.isPublic(method.getModifiers()))
            .map(method -> method.getName().replace("excludePlugin", "excludedPlugins"))
            .collect(Collectors.toSet());

    assertThat(TrainerOptionTable.ALL).extracting(TrainerOption::name).allMatch(methods::contains);
  }

  @Test
  void defaults_asText_areReadBackAsTheyAre() {
    for (TrainerOption<?> option : TrainerOptionTable.ALL) {
      if (!option.defaultText().isEmpty()) {
        assertThat((Object) option.type().parse(option.defaultText()))
            .as(option.name())
            .isEqualTo(option.otherwise());
      }
    }
  }

  @Test
  void variables_areTheNamesInUpperCase() {
    assertThat(TrainerOptionTable.LOG_EVERY_N_STEPS.variable())
        .isEqualTo("FULGUR_TRAINER_LOG_EVERY_N_STEPS");
    assertThat(TrainerOptionTable.RELOAD_DATALOADERS_EVERY_N_EPOCHS.variable())
        .isEqualTo("FULGUR_TRAINER_RELOAD_DATALOADERS_EVERY_N_EPOCHS");
  }
}
