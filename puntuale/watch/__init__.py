"""The watch: nobody lets a promise lapse unnoticed. No timer lives in memory; what is due is asked of the database."""
