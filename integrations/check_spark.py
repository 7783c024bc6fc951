"""Real local Spark: lines come back as the binary gives them, and no fault passes as good.

    ZXTOOL=target/release/zxtool python3 integrations/check_spark.py
"""

import os
import sys

import checking
import spark_clean
from pyspark.sql import SparkSession

os.environ["PYSPARK_PYTHON"] = sys.executable
spark = (
    SparkSession.builder.master("local[2]")
    .config("spark.ui.enabled", "false")
    .config("spark.driver.bindAddress", "127.0.0.1")
    .config("spark.driver.host", "127.0.0.1")
    .config("spark.log.level", "OFF")
)


def main():
    """Runs one job for each fault."""
    with checking.faults() as set_fault:  # before the JVM starts: its workers have the environment that it had
        session = spark.getOrCreate()
        for module in ("zxpipe.py", "spark_clean.py"):
            session.sparkContext.addPyFile(str(checking.HERE / module))

        def run():
            rows = session.createDataFrame([(line,) for line in checking.LINES], "value binary").repartition(1)
            return [bytes(row.value) for row in rows.mapInArrow(spark_clean.clean, "value binary").collect()]

        checking.check("spark", run, set_fault)
        session.stop()


if __name__ == "__main__":
    main()
