"""Spark: a column of JSON lines through zxtool, by mapInArrow.

    spark-submit --py-files zxpipe.py spark_clean.py IN OUT

IN and OUT are directories of text files, a JSON object a line. The wrapper raises on any loss, so that Spark tries
the task again; zxtool is deterministic, so that a second try gives the same. Records leave in the partition's order.
"""

import sys

import zxpipe


def clean(batches):
    """Answers each line of the Arrow batches; batch sizes may differ, their sum does not."""
    import pyarrow as pa

    def lines():
        for batch in batches:
            for value in batch.column(0):
                yield value.as_py()

    waiting = []
    for answer in zxpipe.stream(lines()):
        waiting.append(answer)
        if len(waiting) == 1000:
            yield pa.record_batch([pa.array(waiting, pa.binary())], ["value"])
            waiting = []
    if waiting:
        yield pa.record_batch([pa.array(waiting, pa.binary())], ["value"])


def main(source, target):
    """Reads, cleans and writes; the files go in as bytes, split at LF alone (Spark's text reader also splits at CR)."""
    from pyspark.sql import SparkSession
    from pyspark.sql.functions import col

    spark = SparkSession.builder.appName("zxtool").getOrCreate()
    rows = spark.read.option("lineSep", "\n").text(source).select(col("value").cast("binary"))
    cleaned = rows.mapInArrow(clean, "value binary")
    cleaned.select(col("value").cast("string")).write.text(target)
    spark.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
