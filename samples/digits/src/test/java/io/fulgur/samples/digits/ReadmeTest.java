package io.fulgur.samples.digits;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiles the code that README shows. */
class ReadmeTest {
  private static final Pattern CODE =
      Pattern.compile("<!-- code -->\\n```java\\n(.*?)```\\n\\n```java\\n(.*?)```", Pattern.DOTALL);

  private static final String IMPORTS =
      """
      import io.fulgur.Trainer;
      import io.fulgur.annotation.*;
      import io.fulgur.data.*;
      import io.fulgur.log.*;
      import io.fulgur.module.*;
      import io.fulgur.nn.*;
      import io.fulgur.nn.optimizer.*;
      import io.fulgur.samples.digits.DigitsDataModule;
      import io.fulgur.tensor.*;
      """;

  @TempDir private Path folder;

  @Test
  void code_compiles() throws Exception {
    Matcher code = CODE.matcher(Files.readString(Path.of("../../README.md")));
    assertThat(code.find()).isTrue();
    String use = "class Use {\n  static void run() {\n" + code.group(2) + "  }\n}\n";

    StringWriter messages = new StringWriter();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    boolean compiled =
        compiler
            .getTask(
                messages,
                null,
                null,
                List.of("-proc:none", "-cp", classPath, "-d", folder.toString()),
                null,
                List.of(
                    source("DigitClassifier", IMPORTS + code.group(1)),
                    source("Use", IMPORTS + use)))
            .call();

    assertThat(compiled).as(messages.toString()).isTrue();
    assertThat(folder.resolve("DigitClassifier.class")).exists();
  }

  private static JavaFileObject source(String name, String text) {
    return new SimpleJavaFileObject(
        URI.create("string:///" + name + ".java"), JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return text;
      }
    };
  }
}
