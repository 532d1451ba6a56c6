package io.fulgur.weave;

import net.bytebuddy.build.Plugin;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.pool.TypePool;

/**
 * Weaves classes annotated with {@link io.fulgur.annotation.SaveHyperparameters} in the build.
 *
 * <p>For Maven, with {@code fulgur} among the dependencies:
 *
 * <pre>{@code
 * <plugin>
 *   <groupId>net.bytebuddy</groupId>
 *   <artifactId>byte-buddy-maven-plugin</artifactId>
 *   <executions>
 *     <execution>
 *       <goals>
 *         <goal>transform</goal>
 *       </goals>
 *     </execution>
 *   </executions>
 *   <configuration>
 *     <transformations>
 *       <transformation>
 *         <plugin>io.fulgur.weave.HyperparameterPlugin</plugin>
 *       </transformation>
 *     </transformations>
 *   </configuration>
 * </plugin>
 * }</pre>
 *
 * @since 0.1
 */
public final class HyperparameterPlugin implements Plugin {
  /** Makes the plugin; called by the build. */
  public HyperparameterPlugin() {}

  @Override
  public boolean matches(TypeDescription type) {
    return HyperparameterWeaver.wants(type);
  }

  @Override
  public DynamicType.Builder<?> apply(
      DynamicType.Builder<?> builder, TypeDescription type, ClassFileLocator locator) {
    // Builds read classes without debug information, which may be all that names the parameters.
    TypePool pool =
        new TypePool.Default(
            TypePool.CacheProvider.Simple.withObjectType(),
            locator,
            TypePool.Default.ReaderMode.EXTENDED);
    return HyperparameterWeaver.weave(builder, pool.describe(type.getName()).resolve());
  }

  @Override
  public void close() {}
}
