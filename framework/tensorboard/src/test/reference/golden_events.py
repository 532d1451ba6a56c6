"""Writes the golden event file with TensorBoard's own messages and record writer.

    pip install tensorboard==2.21.0
    python golden_events.py ../resources/io/fulgur/tensorboard/golden.tfevents

SummaryWriterTest adds the same values in the same order with the clock at WALL_TIME.
"""

import sys

from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.plugins.hparams import api_pb2
from tensorboard.plugins.hparams import metadata as hparams_metadata
from tensorboard.plugins.hparams import plugin_data_pb2
from tensorboard.plugins.histogram import summary_v2 as histogram
from tensorboard.plugins.image import metadata as image_metadata
from tensorboard.plugins.text import summary_v2 as text
from tensorboard.summary.writer.record_writer import RecordWriter
from tensorboard.util import tensor_util

WALL_TIME = 1700000000.25

# One black pixel.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010800000000"
    "3a7e9b550000000a49444154789c6360000000020001"
    "48afa4710000000049454e44ae426082"
)


def event(step, *values):
    return event_pb2.Event(
        wall_time=WALL_TIME, step=step, summary=summary_pb2.Summary(value=values)
    )


def scalar(tag, value):
    return summary_pb2.Summary.Value(tag=tag, simple_value=value)


def image(tag, width, height):
    return summary_pb2.Summary.Value(
        tag=tag,
        metadata=image_metadata.create_summary_metadata(None, None),
        tensor=tensor_util.make_tensor_proto(
            [str(width).encode(), str(height).encode(), PNG]
        ),
    )


def hparams(tag, **content):
    return summary_pb2.Summary.Value(
        tag=tag,
        metadata=hparams_metadata.create_summary_metadata(
            plugin_data_pb2.HParamsPluginData(**content)
        ),
        tensor=hparams_metadata.NULL_TENSOR,
    )


def experiment():
    result = api_pb2.Experiment(time_created_secs=WALL_TIME)
    result.hparam_infos.add(name="learningRate", type=api_pb2.DATA_TYPE_FLOAT64)
    result.metric_infos.add(name=api_pb2.MetricName(tag="val_acc"))
    return result


def session_start():
    # One value only, because a map has no order on the wire.
    result = plugin_data_pb2.SessionStartInfo(start_time_secs=WALL_TIME)
    result.hparams["learningRate"].number_value = 0.001
    return result


events = [
    event_pb2.Event(wall_time=WALL_TIME, file_version="brain.Event:2"),
    event(3, scalar("loss", 0.1)),
    event(4, scalar("train/acc", 0.75), scalar("train/loss", 0.25)),
    event(5, *text.text_pb("note", "**größer**").value),
    event(6, *histogram.histogram_pb("weights", [-1.0, 0.0, 0.5, 3.0, 2.0, 1.0], 4).value),
    event(7, *histogram.histogram_pb("equal", [2.5, 2.5], 2).value),
    event(8, *histogram.histogram_pb("empty", [], 2).value),
    event(9, image("digit", 1, 1)),
    event(0, hparams(hparams_metadata.EXPERIMENT_TAG, experiment=experiment())),
    event(
        0,
        hparams(
            hparams_metadata.SESSION_START_INFO_TAG, session_start_info=session_start()
        ),
    ),
    event(
        0,
        hparams(
            hparams_metadata.SESSION_END_INFO_TAG,
            session_end_info=plugin_data_pb2.SessionEndInfo(
                status=api_pb2.STATUS_FAILURE, end_time_secs=WALL_TIME
            ),
        ),
    ),
]

with open(sys.argv[1], "wb") as file:
    writer = RecordWriter(file)
    for each in events:
        writer.write(each.SerializeToString(deterministic=True))
    writer.flush()
