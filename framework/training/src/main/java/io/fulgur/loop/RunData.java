package io.fulgur.loop;

import io.fulgur.Trainer;
import io.fulgur.data.Batch;
import io.fulgur.data.DataHooks;
import io.fulgur.data.DataLoader;
import io.fulgur.data.DataModule;
import io.fulgur.data.HostBatch;
import io.fulgur.log.LogConnector;
import io.fulgur.log.Moment;
import io.fulgur.module.FulgurModule;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The data of a run: the data module's, and the module's where that has none. */
final class RunData {
  private static final Logger LOG = LoggerFactory.getLogger(Trainer.class);

  private final DataModule data;
  private final FulgurModule module;
  private final LogConnector log;
  private final DataHooks before;
  private final DataHooks transfer;
  private final DataHooks after;

  RunData(DataModule data, FulgurModule module, LogConnector log) {
    this.data = data;
    this.module = module;
    this.log = log;
    this.before = chosen("onBeforeBatchTransfer");
    this.transfer = chosen("transferBatch");
    this.after = chosen("onAfterBatchTransfer");
  }

  private DataHooks chosen(String hook) {
    if (!overrides(module, hook)) {
      return data;
    }
    DataModule own = data.unwrapped();
    if (overrides(own, hook)) {
      LOG.warn(
          "{} and {} both override {}; the data module's is called",
          own.getClass().getSimpleName(),
          module.getClass().getSimpleName(),
          hook);
      return data;
    }
    return module;
  }

  private static boolean overrides(DataHooks hooks, String name) {
    return Arrays.stream(hooks.getClass().getMethods())
        .filter(method -> method.getName().equals(name))
        .map(Method::getDeclaringClass)
        .anyMatch(declaring -> declaring != DataHooks.class);
  }

  /** Makes the tensors of a batch. */
  Batch transferred(HostBatch host, int dataloaderIndex) {
    Moment outer = log.enter(Moment.BATCH_TRANSFER);
    HostBatch changed = before.onBeforeBatchTransfer(host, dataloaderIndex);
    Batch batch = transfer.transferBatch(changed, dataloaderIndex);
    log.enter(outer);
    return batch;
  }

  /** Has a batch of tensors changed before a step sees it. */
  Batch changed(Batch batch, int dataloaderIndex) {
    Moment outer = log.enter(Moment.BATCH_TRANSFER);
    Batch changed = after.onAfterBatchTransfer(batch, dataloaderIndex);
    log.enter(outer);
    return changed;
  }

  DataLoader trainLoader() {
    Moment outer = log.enter(Moment.LOADERS);
    DataHooks source = data.hasTrainLoader() || !overrides(module, "trainLoader") ? data : module;
    DataLoader loader = source.trainLoader();
    log.enter(outer);
    return loader;
  }

  List<DataLoader> validationLoaders() {
    return loaders(DataHooks::validationLoaders);
  }

  List<DataLoader> testLoaders() {
    return loaders(DataHooks::testLoaders);
  }

  List<DataLoader> predictLoaders() {
    return loaders(DataHooks::predictLoaders);
  }

  private List<DataLoader> loaders(Function<DataHooks, List<DataLoader>> kind) {
    Moment outer = log.enter(Moment.LOADERS);
    List<DataLoader> own = kind.apply(data);
    List<DataLoader> all = own.isEmpty() ? kind.apply(module) : own;
    log.enter(outer);
    return all;
  }
}
