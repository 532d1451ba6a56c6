package io.fulgur.module;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.RunKind;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.lang.reflect.Constructor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user's code in a module of the Java platform's kind. */
class ClosedPackageTest {
  private static final Module OURS = ClosedPackageTest.class.getModule();

  @TempDir Path folder;

  private FulgurModule module(boolean open) throws Exception {
    Path source = Files.createDirectories(folder.resolve("src/user"));
    Path info = Files.writeString(folder.resolve("src/module-info.java"), "module user.code {}");
    Path net =
        Files.writeString(
            source.resolve("Net.java"),
            "package user; public class Net extends io.fulgur.module.FulgurModule {"
                + " @io.fulgur.annotation.ValidationStep private void validate() {} }");
    Path classes = folder.resolve("classes");
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-proc:none",
                "--add-reads",
                "user.code=ALL-UNNAMED",
                "-classpath",
                System.getProperty("java.class.path"),
                "-d",
                classes.toString(),
                info.toString(),
                net.toString());
    assertThat(status).isZero();
    Configuration configuration =
        ModuleLayer.boot()
            .configuration()
            .resolve(ModuleFinder.of(classes), ModuleFinder.of(), Set.of("user.code"));
    ModuleLayer.Controller controller =
        ModuleLayer.defineModulesWithOneLoader(
            configuration, List.of(ModuleLayer.boot()), getClass().getClassLoader());
    Module user = controller.layer().findModule("user.code").orElseThrow();
    controller.addReads(user, OURS);
    controller.addExports(user, "user", OURS);
    if (open) {
      controller.addOpens(user, "user", OURS);
    }
    Constructor<?> constructor = Class.forName(user, "user.Net").getConstructor();
    return (FulgurModule) constructor.newInstance();
  }

  @Test
  void bind_packageNotOpen_saysHowToOpenIt() throws Exception {
    FulgurModule module = module(/* open= */ false);

    assertThatThrownBy(() -> ModuleBinder.bind(module, RunKind.VALIDATE))
        .isInstanceOf(ModuleBindingException.class)
        .hasMessage(
            """
            [InvalidModule] Net cannot be used for validate: 1 mistake.

            1) [PackageNotOpen] The package of the @ValidationStep method is not open to Fulgur.
               Where: user.Net#validate
                      private void validate()
               Mend:  add "opens user;" to the module-info of module user.code.""");
  }

  @Test
  void bind_packageOpen_works() throws Exception {
    BoundModule bound = ModuleBinder.bind(module(/* open= */ true), RunKind.VALIDATE);

    assertThat(bound.has(StepKind.VALIDATION)).isTrue();
  }
}
