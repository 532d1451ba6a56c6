package io.fulgur.benchmarks.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
  private final Table table = new Table("name", "us", "ratio");

  TableTest() {
    table.add(List.of("libtorch", "160.5", "1.00"));
    table.add(List.of("x", "9.1", "0.06"));
  }

  @Test
  void text_alignsColumns() {
    assertThat(table.text())
        .isEqualTo(
            """
            name         us  ratio
            --------  -----  -----
            libtorch  160.5   1.00
            x           9.1   0.06
            """);
  }

  @Test
  void markdown_alignsColumnsAndSaysSo() {
    assertThat(table.markdown())
        .isEqualTo(
            """
            | name     |    us | ratio |
            | -------- | ----: | ----: |
            | libtorch | 160.5 |  1.00 |
            | x        |   9.1 |  0.06 |
            """);
  }

  @Test
  void add_wrongNumberOfCells_isRefused() {
    assertThatThrownBy(() -> table.add(List.of("a")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("1 cells for 3 columns: [a]");
  }
}
